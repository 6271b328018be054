// urllib3.contrib.emscripten: the module that urllib3 asks to take its connections over, and that takes none.
// SPDX-License-Identifier: MIT
//
// urllib3 takes every Emscripten for Pyodide, and its own module of this name wants Pyodide's `js`. A frozen module is
// found before one in a folder, so urllib3 stays with its sockets, as on other systems. A built-in one would be too,
// but be listed in sys.builtin_module_names: who imports all of these would look for urllib3.
#include "program/urllib3.h"

#include <Python.h>

namespace {

constexpr unsigned char kCode[] = {
#include "urllib3_code.h"
};

const _frozen g_modules[] = {
    {"urllib3.contrib.emscripten", kCode, sizeof kCode, /*is_package=*/0},
    {nullptr, nullptr, 0, 0},
};

}  // namespace

void heddle_add_urllib3_module() { PyImport_FrozenModules = g_modules; }

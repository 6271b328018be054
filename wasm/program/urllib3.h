// urllib3.contrib.emscripten: a built-in module in the place of one that is made for Pyodide.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_PROGRAM_URLLIB3_H_
#define HEDDLE_WASM_PROGRAM_URLLIB3_H_

#include <Python.h>

#define HEDDLE_URLLIB3_MODULE "urllib3.contrib.emscripten"

// Takes its name out of sys.builtin_module_names. 0, or -1 with an exception.
int heddle_hide_urllib3_module();

extern "C" PyObject* PyInit_urllib3_contrib_emscripten();

#endif  // HEDDLE_WASM_PROGRAM_URLLIB3_H_

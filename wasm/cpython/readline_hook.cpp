// Lets the host edit lines that Python reads from a terminal (the prompt, input()).
// SPDX-License-Identifier: MIT
#include "cpython/readline_hook.h"

#include <Python.h>
#include <errno.h>

#include "console/console.h"

namespace heddle {
namespace {

constexpr size_t kLineMax = 64 * 1024;

// CPython calls this without the GIL and takes the line's memory over: nullptr is an interrupt, an
// empty line the end of the file.
char* read_line(FILE*, FILE*, const char* prompt) {
    auto* line = static_cast<char*>(PyMem_RawMalloc(kLineMax));
    if (line == nullptr) return nullptr;
    for (;;) {
        const ssize_t size = console_readline(prompt, line, kLineMax - 1);
        if (size >= 0) {
            line[size] = '\0';
            return line;
        }
        // A signal came: its handler decides whether the line is still wanted.
        const PyGILState_STATE state = PyGILState_Ensure();
        const bool raised = PyErr_CheckSignals() < 0;
        PyGILState_Release(state);
        if (raised) break;
    }
    PyMem_RawFree(line);
    return nullptr;
}

}  // namespace

void install_readline_hook() { PyOS_ReadlineFunctionPointer = read_line; }

}  // namespace heddle

// Compile run: the code of a run, compiled.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_SESSION_COMPILE_RUN_H_
#define HEDDLE_WASM_SESSION_COMPILE_RUN_H_

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

// compile_program(source, filename): a new tuple (body, value) of code objects. `value` is the last
// statement, if that is an expression, to be evaluated after `body` has run; else it is None.
// NULL with an exception set, compile()'s, if any of it does not compile.
PyObject* heddle_compile_program(PyObject* module, PyObject* args);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_WASM_SESSION_COMPILE_RUN_H_

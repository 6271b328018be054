// urllib3.contrib.emscripten: a built-in module in the place of one that is made for Pyodide.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_PROGRAM_URLLIB3_H_
#define HEDDLE_WASM_PROGRAM_URLLIB3_H_

#include <Python.h>

#define HEDDLE_URLLIB3_MODULE "urllib3.contrib.emscripten"

extern "C" PyObject* PyInit_urllib3_contrib_emscripten();

#endif  // HEDDLE_WASM_PROGRAM_URLLIB3_H_

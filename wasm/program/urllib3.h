// urllib3.contrib.emscripten: a module in the place of one that is made for Pyodide.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_PROGRAM_URLLIB3_H_
#define HEDDLE_WASM_PROGRAM_URLLIB3_H_

// Makes it importable. Before Python is initialised.
void heddle_add_urllib3_module();

#endif  // HEDDLE_WASM_PROGRAM_URLLIB3_H_

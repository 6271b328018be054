// Main stack: Python's main thread on the stack at the bottom of memory, where an overflow traps.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_PROGRAM_MAIN_STACK_H_
#define HEDDLE_WASM_PROGRAM_MAIN_STACK_H_

// Calls program(argc, argv) on that stack and gives what it returns. For the main thread, once.
int heddle_run_on_main_stack(int (*program)(int, char**), int argc, char** argv);

#endif  // HEDDLE_WASM_PROGRAM_MAIN_STACK_H_

// WASI program: runs a module for wasm32-wasip1-threads, such as a C++ program on the core.
// SPDX-License-Identifier: MIT
//
// WASI itself is wasmtime's own. What is added is wasi-threads: the import wasi.thread-spawn, which
// makes a native thread with a store and an instance of its own over the same memory, and calls
// the instance's wasi_thread_start(). The program ends when main() returns, by proc_exit() in any
// thread, or by a trap in any thread.
#ifndef HEDDLE_WASM_WASMTIME_WASI_PROGRAM_H_
#define HEDDLE_WASM_WASMTIME_WASI_PROGRAM_H_

#include "options.h"

namespace heddle::host {

// Runs options.wasi to its end, and ends the process with its exit code.
[[noreturn]] void run_wasi_program(const Options& options);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_WASI_PROGRAM_H_

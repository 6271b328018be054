// The engine's own stack, which wasm code cannot see: its size, found by using it up once.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_NATIVE_STACK_H_
#define HEDDLE_WASM_CPYTHON_NATIVE_STACK_H_

#include <cstddef>

// Bytes of it that a thread of this program has; SIZE_MAX where the host gives plenty. The first
// caller measures, from near the bottom of its stack; all threads get the same.
size_t heddle_native_stack_bytes();

#endif  // HEDDLE_WASM_CPYTHON_NATIVE_STACK_H_

// C recursion: how many nested C calls CPython may make on a stack of a given size.
// SPDX-License-Identifier: MIT
//
// Overview
//   CPython counts nested C calls (a repr inside a repr, a parser rule inside a rule) down from
//   tstate->c_recursion_remaining and raises RecursionError at 0. Its own start value is one number
//   for all threads and suits a desktop's 8 MiB stack; on a smaller one the stack would overflow
//   first, which ends the whole program. So each thread that we start, and main.cpp for the main
//   thread, sets the counter from the bytes of stack that the thread really has.
//
// Two stacks
//   A wasm thread has a stack in linear memory, for variables whose address is taken, and the
//   engine's own stack, for everything else. Pages give a worker little of the second: Chromium
//   0.5 MB, Firefox 1 MB. A thread gets the levels that both have room for. Where the first one
//   ends only the main thread is stopped (main_stack.h); another thread would write over the heap.
#ifndef HEDDLE_WASM_CPYTHON_C_RECURSION_H_
#define HEDDLE_WASM_CPYTHON_C_RECURSION_H_

#include <algorithm>
#include <cstddef>

namespace heddle::c_recursion {

// Bytes of linear-memory stack that one level takes at most, as a rule. Measure again when the
// compiler, its optimisation level or CPython's version changes.
inline constexpr size_t kBytesPerLevel = 1024;
// The same for the engine's stack. The most that was measured is 490 (getattr() that calls a
// __getattr__ that calls getattr(), map() in map(), partial() in partial()), in both browsers.
inline constexpr size_t kNativeBytesPerLevel = 640;
// Bytes left for what runs at the deepest level: a system call, printing the error. Also for what
// the engine and the thread's start have on the stack before the first level.
inline constexpr size_t kReserveBytes = 16 * 1024;
inline constexpr size_t kNativeReserveBytes = 32 * 1024;
// CPython frees objects late (Py_TRASHCAN_HEADROOM, 50) near the end of the count and frees them
// for good only above twice that: a smaller start value would keep garbage until the thread ends.
inline constexpr size_t kMinLevels = 160;
// CPython's own start value (Py_C_RECURSION_LIMIT); its compiler compares depths with it.
inline constexpr size_t kMaxLevels = 10000;
// For a stack of unknown size.
inline constexpr size_t kDefaultLevels = 500;
// The least that a thread gets, however little it asks for: room for kMinLevels.
inline constexpr size_t kMinStackBytes = 256 * 1024;

}  // namespace heddle::c_recursion

// The value for tstate->c_recursion_remaining on a stack of stack_bytes (0: not known) and one of
// the engine's of native_bytes.
inline int heddle_c_recursion_levels(size_t stack_bytes, size_t native_bytes) {
    using namespace heddle::c_recursion;
    const auto levels = [](size_t bytes, size_t reserve, size_t bytes_per_level) {
        return bytes > reserve ? (bytes - reserve) / bytes_per_level : 0;
    };
    const size_t own =
        stack_bytes == 0 ? kDefaultLevels : levels(stack_bytes, kReserveBytes, kBytesPerLevel);
    const size_t native = levels(native_bytes, kNativeReserveBytes, kNativeBytesPerLevel);
    return static_cast<int>(std::clamp(std::min(own, native), kMinLevels, kMaxLevels));
}

// The bytes of stack to give to a thread that asks for so many; 0, the core's default, stays 0.
inline size_t heddle_python_stack_bytes(size_t requested_bytes) {
    if (requested_bytes == 0) return 0;
    return std::max(requested_bytes, heddle::c_recursion::kMinStackBytes);
}

#endif  // HEDDLE_WASM_CPYTHON_C_RECURSION_H_

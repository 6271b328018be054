// Main stack: Python's main thread and the host thread change stacks.
// SPDX-License-Identifier: MIT
//
// Overview
//   Variables whose address is taken lie on a stack in linear memory, and nothing guards its end.
//   In a block that malloc() gave, C code that recurses without end writes over whatever lies
//   below, and Python may go on with it. Only a stack at address 0 (wasm-ld --stack-first) has
//   nothing below it: an overflow is an access out of bounds, a trap, as on a processor.
//
//   There is one such place, and Emscripten gives it to the host thread, which never runs Python.
//   So before anything else the host thread moves to a small stack of its own, and main() to that
//   place. Other threads' stacks stay unguarded. c_recursion.h keeps Python's own recursion off
//   their ends.
#include "program/main_stack.h"

#include <emscripten/stack.h>

#include <cstddef>
#include <cstdint>

extern "C" void _emscripten_stack_restore(uintptr_t pointer);

namespace {

struct Stack {
    uintptr_t base;  // the high end, where it begins
    uintptr_t end;
};

// Signal handlers in C and the host's calls of exports run here.
constexpr size_t kHostStackBytes = 256 * 1024;
alignas(16) char g_host_stack[kHostStackBytes];

// Set before there is another thread.
Stack g_bottom;

void set_limits(const Stack& stack) {
    emscripten_stack_set_limits(reinterpret_cast<void*>(stack.base),
                                reinterpret_cast<void*>(stack.end));
}

// Neither this nor what calls it may have variables on the stack. 101: right after Emscripten's own
// constructor, which finds the ends of the first stack.
[[gnu::constructor(101)]] void move_host_thread() {
    g_bottom = {emscripten_stack_get_base(), emscripten_stack_get_end()};
    const auto end = reinterpret_cast<uintptr_t>(g_host_stack);
    set_limits({end + kHostStackBytes, end});
    _emscripten_stack_restore(end + kHostStackBytes);
}

}  // namespace

int heddle_run_on_main_stack(int (*program)(int, char**), int argc, char** argv) {
    const Stack former = {emscripten_stack_get_base(), emscripten_stack_get_end()};
    const uintptr_t pointer = emscripten_stack_get_current();
    set_limits(g_bottom);
    _emscripten_stack_restore(g_bottom.base);
    const int result = program(argc, argv);
    set_limits(former);
    _emscripten_stack_restore(pointer);
    return result;
}

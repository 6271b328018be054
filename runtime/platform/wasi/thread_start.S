# Thread start: the export that a wasi-threads host calls in the instance of a new thread.
# SPDX-License-Identifier: MIT
#
# C++ cannot run before there is a stack, and cannot give its own stack away, so these two steps are
# assembly: take the stack at the beginning, and mark the block as free at the very end.

    .globaltype __stack_pointer, i32
    .functype heddle_wasi_thread_main (i32, i32) -> ()

    .section .text.wasi_thread_start,"",@
    .globl wasi_thread_start
    .export_name wasi_thread_start, wasi_thread_start
    .type wasi_thread_start,@function
wasi_thread_start:
    .functype wasi_thread_start (i32, i32) -> ()
    local.get 1
    i32.load 0              # Block::stack_top
    global.set __stack_pointer
    local.get 0
    local.get 1
    call heddle_wasi_thread_main
    local.get 1
    i32.const 1
    i32.atomic.store 4      # Block::is_free
    end_function

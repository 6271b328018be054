// Pthread checks: where Emscripten's struct pthread has what a host reads of it.
// SPDX-License-Identifier: MIT
//
// As layout_checks.cpp, but in C, because musl's internal header is not C++.
#include "pthread_impl.h"

#include <stddef.h>

// kPthreadStackTopOffset and kPthreadStackBytesOffset of guest_layout.h.
_Static_assert(offsetof(struct pthread, stack) == 52, "guest_layout.h: the top of the stack");
_Static_assert(offsetof(struct pthread, stack_size) == 56, "guest_layout.h: the stack's size");

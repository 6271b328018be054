// Ident: the number of the calling thread, one load away.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_IDENT_H_
#define HEDDLE_IDENT_H_

#include <cstdint>

namespace heddle {

namespace internal {
// The calling thread's ident; 0 until it is attached.
extern constinit thread_local uint32_t t_ident;
// Gives a foreign thread its record and its sleeper, and returns its ident. The one thing that sleeping asks of the
// rooms above it: threads/thread_table.cpp defines it.
uint32_t attach_foreign_thread();
}  // namespace internal

// The calling thread's ident, never 0. Attaches a foreign thread on its first call. Never blocks for long.
inline uint32_t this_thread_ident() {
    const uint32_t ident = internal::t_ident;
    return ident != 0 ? ident : internal::attach_foreign_thread();
}

}  // namespace heddle

#endif  // HEDDLE_IDENT_H_

// Fatal states: one line that says what was seen, then a trap.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_FATAL_H_
#define HEDDLE_FATAL_H_

#include <cstdint>

namespace heddle {

// Prints "heddle: fatal: <where>: <what> (value <value>)" and ends the program.
[[noreturn]] void fatal(const char* where, const char* what, uint64_t value);

}  // namespace heddle

// Checks an invariant in debug builds.
#ifdef NDEBUG
#define HEDDLE_ASSERT(condition, value) static_cast<void>(0)
#else
#define HEDDLE_ASSERT(condition, value) \
    ((condition) ? static_cast<void>(0) \
                 : ::heddle::fatal(__func__, "broken invariant: " #condition, (value)))
#endif

#endif  // HEDDLE_FATAL_H_

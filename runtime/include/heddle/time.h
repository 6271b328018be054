// Time: the monotonic clock and absolute deadlines on it.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_TIME_H_
#define HEDDLE_TIME_H_

#include <cstdint>

namespace heddle {

// A moment of the monotonic clock, in nanoseconds.
using Deadline = int64_t;

// The deadline that never comes.
inline constexpr Deadline kNever = INT64_MAX;

inline constexpr int64_t kMicrosecond = 1'000;
inline constexpr int64_t kMillisecond = 1'000'000;
inline constexpr int64_t kSecond = 1'000'000'000;

// The monotonic clock in nanoseconds, from an arbitrary start that all threads share. Any thread.
int64_t now_ns();

// The moment timeout_ns from now. Negative: kNever. A sum that does not fit is kNever as well.
Deadline deadline_after(int64_t timeout_ns);

// Whether the deadline has come. Does not read the clock for kNever.
inline bool is_over(Deadline deadline) { return deadline != kNever && now_ns() >= deadline; }

// Nanoseconds left, at least 0; kNever stays kNever.
int64_t time_left_ns(Deadline deadline);

}  // namespace heddle

#endif  // HEDDLE_TIME_H_

// Timespec: between the C library's times and nanoseconds.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_TIMESPEC_H_
#define HEDDLE_TIMESPEC_H_

#include <cstdint>
#include <ctime>

#include "heddle/time.h"

namespace heddle {

constexpr bool is_valid(const timespec& time) {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < kSecond;
}

// Nanoseconds of a valid time; kNever if they do not fit.
constexpr int64_t to_ns(const timespec& time) {
    if (time.tv_sec >= kNever / kSecond) return kNever;
    return int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

constexpr timespec to_timespec(int64_t ns) {
    timespec time{};
    time.tv_sec = static_cast<time_t>(ns / kSecond);
    time.tv_nsec = static_cast<decltype(time.tv_nsec)>(ns % kSecond);
    return time;
}

}  // namespace heddle

#endif  // HEDDLE_TIMESPEC_H_

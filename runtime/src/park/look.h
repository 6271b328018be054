// Look: watching a word without sleeping.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_LOOK_H_
#define HEDDLE_LOOK_H_

#include <atomic>
#include <cstdint>

#include "base/platform.h"
#include "heddle/time.h"

namespace heddle {

// Looks at the word until it differs from `seen` (true) or the time is over (false). Establishes no memory order: the
// caller reads the word again with the order it needs.
inline bool look_while(const std::atomic<uint32_t>& word, uint32_t seen, Deadline end) {
    constexpr int kLooksPerClock = 100;  // reading the clock costs more than a look
    do {
        for (int i = 0; i < kLooksPerClock; i++) {
            if (word.load(std::memory_order_relaxed) != seen) return true;
            platform::relax();
        }
    } while (!is_over(end));
    return false;
}

}  // namespace heddle

#endif  // HEDDLE_LOOK_H_

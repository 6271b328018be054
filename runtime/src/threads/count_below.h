// Count below: one more, but not beyond a limit.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_COUNT_BELOW_H_
#define HEDDLE_COUNT_BELOW_H_

#include <atomic>
#include <cstdint>

namespace heddle {

// Counts one more; false, and nothing changed, if that would pass the limit. Relaxed: the numbers order nothing.
inline bool count_below(std::atomic<uint32_t>& count, const std::atomic<uint32_t>& limit) {
    uint32_t now = count.load(std::memory_order_relaxed);
    do {
        if (now >= limit.load(std::memory_order_relaxed)) return false;
    } while (!count.compare_exchange_weak(now, now + 1, std::memory_order_relaxed));
    return true;
}

}  // namespace heddle

#endif  // HEDDLE_COUNT_BELOW_H_

// Word lock: the small internal lock of buckets and tables, held for a few instructions only.
// SPDX-License-Identifier: MIT
#include "park/word_lock.h"

#include "base/platform.h"
#include "heddle/futex.h"

namespace heddle {

// Whether it leaves the lock held is in the result, which the checker does not follow.
bool WordLock::lock_slow(Deadline deadline) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
    constexpr int kSpins =
        60;  // looks; sections are a few instructions long (spin.h has the other spins)
    if (platform::core_count() > 1) {
        for (int i = 0; i < kSpins; i++) {
            // relaxed: a guess before the swap
            if (word_.load(std::memory_order_relaxed) == kFree && try_lock()) return true;
            platform::relax();
        }
    }
    // acquire: pairs with the release in unlock(). Taking the lock as awaited may cost a needless
    // wake later, but never loses one.
    while (word_.exchange(kHeldAndAwaited, std::memory_order_acquire) != kFree) {
        // Re-checked by the exchange; a deadline that is over leaves the word awaited: the same
        // needless wake.
        if (!futex_wait(word_, kHeldAndAwaited, deadline) || is_over(deadline)) return false;
    }
    return true;
}

void WordLock::wake_one() { futex_wake(word_, 1); }

}  // namespace heddle

// Semaphore: a counter that threads take from, and wait for while it is 0.
// SPDX-License-Identifier: MIT
#include "heddle/semaphore.h"

#include "base/fatal.h"
#include "heddle/parking_lot.h"

namespace heddle {

bool Semaphore::try_acquire() {
    uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; the swap decides
    while (word >= kOne) {
        // acquire: pairs with the release in release()
        if (word_.compare_exchange_weak(word, word - kOne, std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

WaitResult Semaphore::acquire(Deadline deadline, Interruptible interruptible, WaitKind kind) {
    if (try_acquire()) return WaitResult::acquired;
    if (is_over(deadline)) return WaitResult::timed_out;
    const ParkRequest request{.address = this,
                              .kind = kind,
                              .deadline = deadline,
                              .interruptible = interruptible,
                              .since_ns = now_ns()};
    for (;;) {
        if (try_acquire()) return WaitResult::acquired;
        uint32_t word = 0;
        // relaxed: says only that we are about to park
        if (!word_.compare_exchange_strong(word, kParked, std::memory_order_relaxed) &&
            word != kParked) {
            continue;
        }
        const ParkOutcome outcome = ParkingLot::park(
            request, [this] { return word_.load(std::memory_order_relaxed) == kParked; });  // S1
        const WaitResult result = to_wait_result(outcome.result);
        if (result != WaitResult::acquired) return result;  // else S2: try again
    }
}

bool Semaphore::release(uint32_t n) {
    uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; the swap decides
    do {
        if (n > kMaxCount - (word >> 1)) return false;
        // release: pairs with the acquire in try_acquire()
    } while (!word_.compare_exchange_weak(word, word + n * kOne, std::memory_order_release,
                                          std::memory_order_relaxed));
    bool more = (word & kParked) != 0;
    for (uint32_t woken = 0; more && woken < n; woken++) {
        ParkingLot::unpark_one(this, [&](const UnparkInfo& info) -> uintptr_t {
            more = info.has_more;
            HEDDLE_ASSERT(!info.did_unpark || may_be_parked(), count());  // S1, S3
            // relaxed: the count was published above
            if (!more) word_.fetch_and(~kParked, std::memory_order_relaxed);  // S3
            return 0;
        });
    }
    return true;
}

}  // namespace heddle

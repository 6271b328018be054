// Event: a flag that threads can wait for.
// SPDX-License-Identifier: MIT
#include "heddle/event.h"

#include "base/fatal.h"
#include "heddle/parking_lot.h"

namespace heddle {

void Event::set() {
    uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; the swap decides
    // release: pairs with the acquire in is_set() and wait(); acquire: keeps two setters in order
    while (!word_.compare_exchange_weak(word, (round_of(word) + kRound) | kSet,
                                        std::memory_order_acq_rel, std::memory_order_relaxed)) {
    }
    HEDDLE_ASSERT((word & kStateMask) != (kSet | kParked), word);  // E4
    if ((word & kParked) != 0) ParkingLot::unpark_all(this);
}

void Event::reset() {
    // relaxed: clearing publishes nothing. A word with kParked is clear already.
    word_.fetch_and(~kSet, std::memory_order_relaxed);
}

WaitResult Event::wait(Deadline deadline, Interruptible interruptible, WaitKind kind,
                       heddle_ident_t target) {
    // acquire, here and below: whoever saw a set() also sees what was done before it
    uint32_t word = word_.load(std::memory_order_acquire);
    if ((word & kSet) != 0) return WaitResult::acquired;
    if (is_over(deadline)) return WaitResult::timed_out;
    const ParkRequest request{.address = this,
                              .kind = kind,
                              .deadline = deadline,
                              .interruptible = interruptible,
                              .since_ns = now_ns(),
                              .target = target};
    const uint32_t round = round_of(word);
    const uint32_t parked = round | kParked;
    for (;;) {
        HEDDLE_ASSERT((word & kStateMask) != (kSet | kParked), word);                    // E4
        if ((word & kSet) != 0 || round_of(word) != round) return WaitResult::acquired;  // E2
        if (word != parked &&
            !word_.compare_exchange_strong(word, parked, std::memory_order_acquire)) {
            continue;
        }
        const ParkOutcome outcome = ParkingLot::park(
            request, [&] { return word_.load(std::memory_order_relaxed) == parked; });  // E1
        const WaitResult result = to_wait_result(outcome.result);
        if (result != WaitResult::acquired) return result;
        word = word_.load(std::memory_order_acquire);  // E3
    }
}

}  // namespace heddle

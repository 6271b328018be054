// Event: a flag that threads can wait for.
// SPDX-License-Identifier: MIT
#include "heddle/event.h"

#include "heddle/parking_lot.h"

namespace heddle {

void Event::set() {
    // release: pairs with the acquire in is_set(); acquire: keeps two setters in order
    if (word_.exchange(kSet, std::memory_order_acq_rel) == kParked) ParkingLot::unpark_all(this);
}

void Event::reset() {
    uint32_t word = kSet;
    // relaxed: clearing publishes nothing. A word of kParked is clear already.
    word_.compare_exchange_strong(word, kClear, std::memory_order_relaxed);
}

WaitResult Event::wait(Deadline deadline, Interruptible interruptible, WaitKind kind) {
    if (is_set()) return WaitResult::acquired;
    if (is_over(deadline)) return WaitResult::timed_out;
    const int64_t since_ns = now_ns();
    for (;;) {
        if (is_set()) return WaitResult::acquired;
        uint32_t word = kClear;
        // relaxed: says only that we are about to park
        if (!word_.compare_exchange_strong(word, kParked, std::memory_order_relaxed) &&
            word != kParked) {
            continue;
        }
        const ParkOutcome outcome = ParkingLot::park(
            {.address = this,
             .kind = kind,
             .deadline = deadline,
             .interruptible = interruptible,
             .since_ns = since_ns},
            [this] { return word_.load(std::memory_order_relaxed) == kParked; });  // E1
        switch (outcome.result) {
            case ParkResult::unparked:
                return WaitResult::acquired;  // E2
            case ParkResult::invalid:
                break;
            case ParkResult::timed_out:
                return WaitResult::timed_out;
            case ParkResult::interrupted:
                return WaitResult::interrupted;
        }
    }
}

}  // namespace heddle

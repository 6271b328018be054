// Lock: the slow paths of acquiring and releasing, and the C interface of locks.
// SPDX-License-Identifier: MIT
#include "heddle/lock.h"

#include <cerrno>

#include "base/fatal.h"
#include "base/platform.h"
#include "heddle/parking_lot.h"

namespace heddle {

namespace {
// The token of a waiter that was handed the lock.
constexpr uintptr_t kHandedOff = 1;
}  // namespace

WaitResult Lock::acquire_slow(Deadline deadline, Interruptible interruptible,
                              WaitKind kind) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
    if (is_over(deadline)) return WaitResult::timed_out;
    const ParkRequest request{.address = this,
                              .kind = kind,
                              .deadline = deadline,
                              .interruptible = interruptible,
                              .since_ns = now_ns()};
    uint32_t spins = platform::core_count() > 1 ? 0 : kSpinLimit;
    for (;;) {
        if (try_lock()) return WaitResult::acquired;

        uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; L1 re-checks it
        if ((word & kHeld) == 0) continue;
        if ((word & kParked) == 0) {
            // Nobody is parked, so the section may be short: look again a little later.
            if (spins < kSpinLimit) {
                for (uint32_t i = 0; i <= spins; i++) platform::relax();
                spins++;
                continue;
            }
            // relaxed: this says only that we are about to park; the park orders itself
            if (!word_.compare_exchange_strong(word, word | kParked, std::memory_order_relaxed)) {
                continue;
            }
        }

        const ParkOutcome outcome = ParkingLot::park(request, [this] {
            return word_.load(std::memory_order_relaxed) == (kHeld | kParked);
        });  // L1
        const WaitResult result = to_wait_result(outcome.result);
        if (result != WaitResult::acquired) return result;  // L4
        if (outcome.token == kHandedOff) {  // L3; somebody may even have released it since
            note_owner();
            return WaitResult::acquired;
        }
        // Not parked, or the lock was free a moment ago: try to be the one who gets it.
    }
}

bool Lock::release_slow() {
    for (;;) {
        uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; re-checked below
        HEDDLE_ASSERT(word <= (kHeld | kParked), word);
        if ((word & kHeld) == 0) return false;
        if (word == kHeld) {
            // release: publishes the section to the next owner (L3)
            if (word_.compare_exchange_strong(word, kFree, std::memory_order_release,
                                              std::memory_order_relaxed)) {
                return true;
            }
            continue;
        }

        bool released = false;
        ParkingLot::unpark_one(this, [&](const UnparkInfo& info) -> uintptr_t {
            const uint32_t now = word_.load(std::memory_order_relaxed);
            HEDDLE_ASSERT(!info.did_unpark || (now & kParked) != 0, now);  // L2
            // Another release may have been faster; then the waiter only looks again.
            if (now != (kHeld | kParked)) return 0;  // else it is stable (L2)
            released = true;
            const uint32_t parked = info.has_more ? kParked : 0;
            if (info.did_unpark && info.time_is_fair) {
                // The next release by the new owner publishes; this one goes through granted (L3).
                word_.store(kHeld | parked, std::memory_order_relaxed);
                return kHandedOff;
            }
            word_.store(parked, std::memory_order_release);  // L3
            return 0;
        });
        if (released) return true;
    }
}

}  // namespace heddle

using namespace heddle;

extern "C" {

heddle_wait_result_t heddle_lock_acquire(heddle_lock_t* lock, int64_t timeout_ns,
                                         bool interruptible) {
    Lock& self = Lock::from(lock);
    if (timeout_ns == 0 && self.is_held()) return HEDDLE_TIMED_OUT;  // without a look at the clock
    return static_cast<heddle_wait_result_t>(
        self.acquire(deadline_after(timeout_ns), Interruptible{interruptible}));
}

int heddle_lock_release(heddle_lock_t* lock) { return Lock::from(lock).release() ? 0 : EPERM; }

bool heddle_lock_is_held(const heddle_lock_t* lock) { return Lock::from(lock).is_held(); }

}  // extern "C"

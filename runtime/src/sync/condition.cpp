// Condition: waiting, without the lock, for news about what the lock protects.
// SPDX-License-Identifier: MIT
#include "heddle/condition.h"

#include "base/fatal.h"
#include "heddle/parking_lot.h"

namespace heddle {

namespace {

// Queues the caller, calls release_lock, and waits (C1).
WaitResult park_on(Condition& condition, std::atomic<uint32_t>& has_waiters, Deadline deadline,
                   Interruptible interruptible, WaitKind kind, FunctionRef<void()> release_lock) {
    bool queued = false;
    const ParkOutcome outcome = ParkingLot::park(
        {.address = &condition, .kind = kind, .deadline = deadline, .interruptible = interruptible},
        [&] {
            // relaxed: made visible by the lock that the caller still holds (C3)
            has_waiters.store(1, std::memory_order_relaxed);
            return true;
        },
        [&] {
            queued = true;
            release_lock();
        });
    // An interrupt that was there before kept the lock untouched; the caller acquires it again
    // anyway, so give it up here too.
    if (!queued) release_lock();
    return to_wait_result(outcome.result);  // C2
}

}  // namespace

WaitResult Condition::wait(Lock& lock, Deadline deadline, Interruptible interruptible,
                           WaitKind kind) {
    const WaitResult result = park_on(*this, has_waiters_, deadline, interruptible, kind,
                                      [&lock] { (void)lock.release(); });
    lock.lock();
    return result;
}

WaitResult Condition::wait(RLock& lock, Deadline deadline, Interruptible interruptible,
                           WaitKind kind) {
    uint32_t count = 0;
    const WaitResult result =
        park_on(*this, has_waiters_, deadline, interruptible, kind, [&] { count = lock.save(); });
    if (count != 0) lock.restore(count);
    return result;
}

void Condition::notify_one() {
    // relaxed: C3, whoever changed the state under the lock has synchronised with the waiter
    if (has_waiters_.load(std::memory_order_relaxed) == 0) return;
    ParkingLot::unpark_one(this, [this](const UnparkInfo& info) -> uintptr_t {
        // C3
        HEDDLE_ASSERT(!info.did_unpark || has_waiters_.load(std::memory_order_relaxed) != 0, 0);
        if (!info.has_more) has_waiters_.store(0, std::memory_order_relaxed);
        return 0;
    });
}

void Condition::notify_all() {
    if (has_waiters_.load(std::memory_order_relaxed) == 0) return;  // as above
    // The flag stays up, which costs the next notification a look into the queue (C3).
    ParkingLot::unpark_all(this);
}

}  // namespace heddle

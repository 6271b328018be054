// RLock: a lock that its owner may acquire again, and only its owner may release.
// SPDX-License-Identifier: MIT
#include "heddle/rlock.h"

#include "base/fatal.h"

namespace heddle {

// relaxed throughout this file: R1 and R2; what the lock protects is ordered by lock_ itself.

WaitResult RLock::acquire(Deadline deadline, Interruptible interruptible) {
    if (is_owned()) {
        count_.store(count() + 1, std::memory_order_relaxed);
        return WaitResult::acquired;
    }
    const WaitResult result = lock_.acquire(deadline, interruptible, WaitKind::rlock);
    if (result != WaitResult::acquired) return result;
    HEDDLE_ASSERT(owner() == 0 && count() == 0, owner());  // R1, R2
    owner_.store(this_thread_ident(), std::memory_order_relaxed);
    count_.store(1, std::memory_order_relaxed);
    return WaitResult::acquired;
}

bool RLock::release() {
    if (!is_owned()) return false;
    HEDDLE_ASSERT(count() > 0, owner());  // R2
    const uint32_t left = count() - 1;
    count_.store(left, std::memory_order_relaxed);
    if (left == 0) {
        owner_.store(0, std::memory_order_relaxed);
        (void)lock_.release();
    }
    return true;
}

uint32_t RLock::save() {
    if (!is_owned()) return 0;
    const uint32_t count = this->count();
    count_.store(0, std::memory_order_relaxed);
    owner_.store(0, std::memory_order_relaxed);
    (void)lock_.release();
    return count;
}

void RLock::restore(uint32_t count) {
    lock();
    count_.store(count, std::memory_order_relaxed);
}

}  // namespace heddle

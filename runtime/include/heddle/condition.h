// Condition: waiting, without the lock, for news about what the lock protects.
// SPDX-License-Identifier: MIT
//
// Invariants
//   C1  wait() queues the thread before it releases the lock, so a notification sent after the
//       lock was released is never lost.
//   C2  A wait that a notification reached counts as notified even if its deadline or a signal
//       came at the same time: no notification is given to a thread that reports something else.
//   C3  has_waiters_ is set under the bucket's lock and before the lock is released. Whoever
//       changed the state under the lock therefore sees it. It is cleared only under the bucket's
//       lock, when no waiter stays queued, and may stay up longer than needed.
#ifndef HEDDLE_CONDITION_H_
#define HEDDLE_CONDITION_H_

#include <atomic>
#include <cstdint>

#include "heddle/lock.h"
#include "heddle/rlock.h"

namespace heddle {

class Condition {
  public:
    constexpr Condition() = default;
    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;

    // Releases the lock, which the caller holds, waits for a notification, the deadline or a
    // signal, and acquires the lock again however the wait ended (as long as that takes). There are
    // no spurious wake-ups, but another thread may have been faster: re-check in a loop. Blocks;
    // not for the host thread.
    WaitResult wait(Lock& lock, Deadline deadline, Interruptible interruptible,
                    WaitKind kind = WaitKind::condition)
        HEDDLE_REQUIRES(lock) HEDDLE_NO_THREAD_SAFETY_ANALYSIS;  // it gives the lock up meanwhile
    // The same for an RLock that the caller owns, however often.
    WaitResult wait(RLock& lock, Deadline deadline, Interruptible interruptible,
                    WaitKind kind = WaitKind::condition);

    // Ends one wait, the oldest / all waits. The caller need not hold the lock. Never blocks.
    void notify_one();
    void notify_all();

  private:
    std::atomic<uint32_t> has_waiters_{0};  // C3
};

}  // namespace heddle

#endif  // HEDDLE_CONDITION_H_

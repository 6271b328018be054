// Semaphore: a counter that threads take from, and wait for while it is 0.
// SPDX-License-Identifier: MIT
//
// The word is count << 1 | kParked: kParked says that threads may be parked.
//
// Invariants
//   S1  A thread parks only after it saw the word equal to kParked (count 0) under the bucket's
//       lock, and release() adds to the count before it looks for waiters. So either the waiter
//       sees the new count, or the releaser sees the waiter.
//   S2  The count is only in the word, never in a wake-up: a woken thread that finds the count
//       taken parks again, and one that gives up has taken nothing away.
//   S3  kParked is cleared only under the bucket's lock, when no waiter stays queued.
#ifndef HEDDLE_SEMAPHORE_H_
#define HEDDLE_SEMAPHORE_H_

#include <atomic>
#include <cstdint>

#include "heddle/wait.h"

namespace heddle {

class Semaphore {
  public:
    static constexpr uint32_t kMaxCount = UINT32_MAX >> 1;

    explicit constexpr Semaphore(uint32_t count = 0) : word_(count << 1) {}
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    // Takes one, if there is one. Never blocks; any thread.
    bool try_acquire();
    // Takes one; waits for it until the deadline. Blocks; not for the host thread unless the
    // deadline is over.
    WaitResult acquire(Deadline deadline, Interruptible interruptible,
                       WaitKind kind = WaitKind::semaphore);
    // Adds n and wakes up to n waiters. False, and nothing changed, if the count would pass
    // kMaxCount. Never blocks; any thread.
    bool release(uint32_t n = 1);
    // The count at this moment.
    uint32_t count() const { return word_.load(std::memory_order_relaxed) >> 1; }

  private:
    static constexpr uint32_t kParked = 1;
    static constexpr uint32_t kOne = 2;

    bool may_be_parked() const { return (word_.load(std::memory_order_relaxed) & kParked) != 0; }

    std::atomic<uint32_t> word_;
};

}  // namespace heddle

#endif  // HEDDLE_SEMAPHORE_H_

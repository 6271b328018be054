// RLock: a lock that its owner may acquire again, and only its owner may release.
// SPDX-License-Identifier: MIT
//
// Invariants
//   R1  owner_ is the ident of the thread that holds lock_, or 0. It is set after lock_ was
//       acquired and cleared before it is released, by the owner. So a thread that reads its own
//       ident there owns the lock, and every other value means that it does not: relaxed order
//       is enough, because a thread always sees its own last store.
//   R2  count_ is 0 while nobody owns the lock, and is written by the owner only.
#ifndef HEDDLE_RLOCK_H_
#define HEDDLE_RLOCK_H_

#include <atomic>
#include <cstdint>

#include "heddle/lock.h"

namespace heddle {

class RLock {
  public:
    constexpr RLock() = default;
    RLock(const RLock&) = delete;
    RLock& operator=(const RLock&) = delete;

    // As std::recursive_mutex. lock() blocks; not for the host thread.
    void lock() { (void)acquire(kNever, Interruptible::no); }
    bool try_lock() { return acquire(0, Interruptible::no) == WaitResult::acquired; }
    void unlock() { (void)release(); }

    // Acquires until the deadline, at once if the caller owns it. Blocks; not for the host thread
    // unless the deadline is over.
    WaitResult acquire(Deadline deadline, Interruptible interruptible);

    // Gives up one acquisition. False, and nothing changed, if the caller does not own it.
    bool release();

    // Whether the calling thread owns it.
    bool is_owned() const {
        return owner_.load(std::memory_order_relaxed) == this_thread_ident();  // R1
    }
    // Whether any thread holds it at this moment.
    bool is_held() const { return lock_.is_held(); }
    // Ident of its owner at this moment, or 0.
    uint32_t owner() const { return owner_.load(std::memory_order_relaxed); }
    // How often its owner has acquired it; 0 if nobody owns it. Exact for the owner.
    uint32_t count() const { return count_.load(std::memory_order_relaxed); }

    // For condition variables: gives up all acquisitions of the calling owner and returns their
    // number (0: not the owner, and nothing changed), to be passed to restore().
    uint32_t save();
    // Waits for the lock, signals or not, and owns it `count` times again. Blocks.
    void restore(uint32_t count);

  private:
    Lock lock_;
    std::atomic<uint32_t> owner_{0};  // R1
    std::atomic<uint32_t> count_{0};  // R2
};

}  // namespace heddle

#endif  // HEDDLE_RLOCK_H_

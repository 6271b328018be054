// Lock: a mutual exclusion lock of one word, timed and interruptible, that any thread may release.
// SPDX-License-Identifier: MIT
//
// Overview
//   Acquiring and releasing a free lock is one compare-and-swap, inline. Under contention the lock
//   spins shortly (where there is more than one core) and then parks. A released lock goes to
//   whoever comes first (barging), which is fast because no change of threads is needed; but a
//   waiter that has waited for more than kFairAfterNs is handed the lock directly, at most once
//   per such period, so nobody waits forever.
//
// States of the word: bit 0 kHeld, bit 1 kParked
//   0              free
//   kHeld          held
//   kHeld|kParked  held, and threads may be parked on it
//   kParked        free, and threads are parked on it: one was woken and is on its way
//
//   from           to             by
//   0, kParked     +kHeld         lock, try_lock, acquire                       [acquire]
//   kHeld          +kParked       acquire, before it parks                      [relaxed]
//   kHeld          0              release, fast path                            [release]
//   kHeld|kParked  0 or kParked   release, under the bucket's lock; wakes one   [release]
//   kHeld|kParked  kHeld(|kParked)  release by hand-off, under the bucket's lock: the lock
//                                   stays held and belongs to the unparked thread   [see L3]
//
// Invariants
//   L1  A thread parks only after it saw the word equal to kHeld|kParked under the bucket's lock.
//   L2  Only a releaser that holds the bucket's lock takes kParked away, and only when no waiter
//       of this lock stays queued. While the word is kHeld|kParked nobody else changes it, so
//       under the bucket's lock it is stable.
//   L3  Each release passes what happened before it to the next owner: through the word (release
//       store, acquire compare-and-swap), or for a hand-off through the waiter's granted flag.
//   L4  kParked may outlive its last waiter (one that timed out or was interrupted). The next
//       release then finds nobody and clears it.
#ifndef HEDDLE_LOCK_H_
#define HEDDLE_LOCK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/ident.h"
#include "heddle/thread_safety.h"
#include "heddle/wait.h"

namespace heddle {

class HEDDLE_CAPABILITY Lock {
  public:
    static constexpr uint32_t kFree = 0;
    static constexpr uint32_t kHeld = 1;
    static constexpr uint32_t kParked = 2;
    // Looks at a held lock before parking, each a little further apart; only with several cores.
    static constexpr uint32_t kSpinLimit = 40;

    constexpr Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    // Acquires; waits for as long as it takes, signals or not. Not for the host thread.
    void lock() HEDDLE_ACQUIRE() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
        if (!try_lock()) acquire_slow(kNever, Interruptible::no, WaitKind::lock);
    }

    // Acquires if the lock is free. Never blocks; any thread.
    bool try_lock() HEDDLE_TRY_ACQUIRE(true) {
        uint32_t word = word_.load(std::memory_order_relaxed);  // a guess; the swap decides
        while ((word & kHeld) == 0) {
            // acquire: pairs with the release in release() (L3)
            if (word_.compare_exchange_weak(word, word | kHeld, std::memory_order_acquire,
                                            std::memory_order_relaxed)) {
                note_owner();
                return true;
            }
        }
        return false;
    }

    // Releases; the caller knows that the lock is held. Never blocks; any thread.
    void unlock() HEDDLE_RELEASE() { (void)release(); }

    // Acquires until the deadline; a deadline that is over tries only. `kind` is how the wait is
    // shown. Blocks; not for the host thread unless the deadline is over.
    WaitResult acquire(Deadline deadline, Interruptible interruptible,
                       WaitKind kind = WaitKind::lock) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
        if (try_lock()) return WaitResult::acquired;
        return acquire_slow(deadline, interruptible, kind);
    }

    // Releases. False, and nothing changed, if the lock is not held. Never blocks; any thread.
    bool release() {
        uint32_t word = kHeld;
        // release: publishes the section to the next owner (L3)
        if (word_.compare_exchange_strong(word, kFree, std::memory_order_release,
                                          std::memory_order_relaxed)) {
            return true;
        }
        return release_slow();
    }

    // Whether some thread holds it at this moment. Any thread.
    bool is_held() const {
        // relaxed: the answer may be out of date anyway when the caller looks at it
        return (word_.load(std::memory_order_relaxed) & kHeld) != 0;
    }

    // Ident of the thread that acquired it last, held or not; for inspection only. Any thread.
    uint32_t owner() const { return owner_.load(std::memory_order_relaxed); }

    // The word itself, for tests.
    uint32_t word() const { return word_.load(std::memory_order_relaxed); }

    // The lock behind the C interface's type.
    static Lock& from(heddle_lock_t* lock) { return *reinterpret_cast<Lock*>(lock); }
    static const Lock& from(const heddle_lock_t* lock) {
        return *reinterpret_cast<const Lock*>(lock);
    }

  private:
    // Not tracked by the checker: whether they leave the lock held is in the result.
    WaitResult acquire_slow(Deadline deadline, Interruptible interruptible, WaitKind kind);
    bool release_slow();
    // relaxed: only looked at for inspection, and by RLock for its own ident
    void note_owner() { owner_.store(this_thread_ident(), std::memory_order_relaxed); }

    std::atomic<uint32_t> word_{kFree};
    std::atomic<uint32_t> owner_{0};

    friend struct LockLayout;
};

// The C interface's heddle_lock_t and Lock are the same bytes.
struct LockLayout {
    static_assert(sizeof(Lock) == sizeof(heddle_lock_t));
    static_assert(alignof(Lock) == alignof(heddle_lock_t));
    static_assert(offsetof(Lock, word_) == offsetof(heddle_lock_t, word));
    static_assert(offsetof(Lock, owner_) == offsetof(heddle_lock_t, owner));
};

}  // namespace heddle

#endif  // HEDDLE_LOCK_H_

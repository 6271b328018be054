// Word lock: the small internal lock of buckets and tables, held for a few instructions only.
// SPDX-License-Identifier: MIT
//
// States of the word: kFree; kHeld; kHeldAndAwaited: held, and a thread may sleep on the word.
//
// It knows nothing of threads, interrupts or fairness, so everything else can be built on it. The
// host thread may take it: it spins there (futex.h), and its holders never block.
#ifndef HEDDLE_WORD_LOCK_H_
#define HEDDLE_WORD_LOCK_H_

#include <atomic>
#include <cstdint>

#include "base/fatal.h"
#include "heddle/thread_safety.h"
#include "heddle/time.h"

namespace heddle {

class HEDDLE_CAPABILITY WordLock {
  public:
    constexpr WordLock() = default;
    WordLock(const WordLock&) = delete;
    WordLock& operator=(const WordLock&) = delete;

    void lock() HEDDLE_ACQUIRE() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
        if (!try_lock()) (void)lock_slow(kNever);
    }
    bool try_lock() HEDDLE_TRY_ACQUIRE(true) {
        uint32_t word = kFree;
        // acquire: pairs with the release in unlock()
        return word_.compare_exchange_strong(word, kHeld, std::memory_order_acquire,
                                             std::memory_order_relaxed);
    }
    // For inspectors: they rather go without than wait for a holder that may be gone for good (a
    // worker that was terminated).
    bool try_lock_until(Deadline deadline)
        HEDDLE_TRY_ACQUIRE(true) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
        return try_lock() || lock_slow(deadline);
    }
    void unlock() HEDDLE_RELEASE() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
        // release: publishes the section to the next holder
        const uint32_t word = word_.exchange(kFree, std::memory_order_release);
        HEDDLE_ASSERT(word != kFree, word);
        if (word == kHeldAndAwaited) wake_one();
    }

  private:
    static constexpr uint32_t kFree = 0;
    static constexpr uint32_t kHeld = 1;
    static constexpr uint32_t kHeldAndAwaited = 2;

    bool lock_slow(Deadline deadline);
    void wake_one();

    std::atomic<uint32_t> word_{kFree};
};

// Holds a WordLock for a scope.
class HEDDLE_SCOPED_CAPABILITY WordGuard {
  public:
    explicit WordGuard(WordLock& lock) HEDDLE_ACQUIRE(lock) : lock_(lock) { lock_.lock(); }
    ~WordGuard() HEDDLE_RELEASE() { lock_.unlock(); }
    WordGuard(const WordGuard&) = delete;
    WordGuard& operator=(const WordGuard&) = delete;

  private:
    WordLock& lock_;
};

}  // namespace heddle

#endif  // HEDDLE_WORD_LOCK_H_

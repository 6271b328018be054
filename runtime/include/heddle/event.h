// Event: a flag that threads can wait for.
// SPDX-License-Identifier: MIT
//
// The word is round << 2 | state. The state is 0 clear; kSet; or kParked: clear, and threads may be
// parked. Each set() begins a new round.
//
// Invariants
//   E1  A thread parks only after it saw its round with kParked under the bucket's lock. set()
//       stores the new round before it unparks, so a waiter sees kSet or is unparked.
//   E2  A wait has seen the event when it finds kSet or another round than it began in, so it does
//       not miss a set() that is followed by reset() at once.
//   E3  An unpark alone says nothing: it may come from a set() of an earlier round, which this very
//       thread has seen and reset while the setter was still on its way to the queue.
//   E4  kSet and kParked are never up together: set() takes kParked down, and a thread raises it
//       only while the event is clear.
#ifndef HEDDLE_EVENT_H_
#define HEDDLE_EVENT_H_

#include <atomic>
#include <cstdint>

#include "heddle/wait.h"

namespace heddle {

class Event {
  public:
    constexpr Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    // Sets the flag and ends all waits. What happened before is visible to whoever saw the event.
    // Never blocks; any thread.
    void set();
    // Clears the flag. Never blocks; any thread.
    void reset();
    // acquire: whoever sees the flag set also sees what was done before set()
    bool is_set() const { return (word_.load(std::memory_order_acquire) & kSet) != 0; }
    // Waits until the flag is set. Blocks; not for the host thread unless the deadline is over.
    // `target` is the thread that will set it, where that is known; for inspection.
    WaitResult wait(Deadline deadline, Interruptible interruptible, WaitKind kind = WaitKind::event,
                    heddle_ident_t target = 0);

  private:
    static constexpr uint32_t kSet = 1;
    static constexpr uint32_t kParked = 2;
    static constexpr uint32_t kStateMask = 3;
    static constexpr uint32_t kRound = 4;

    static uint32_t round_of(uint32_t word) { return word & ~kStateMask; }

    std::atomic<uint32_t> word_{0};
};

}  // namespace heddle

#endif  // HEDDLE_EVENT_H_

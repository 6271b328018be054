// Event: a flag that threads can wait for.
// SPDX-License-Identifier: MIT
//
// States of the word: 0 clear; 1 kSet; 2 kParked: clear, and threads may be parked.
//
// Invariants
//   E1  A thread parks only after it saw kParked under the bucket's lock. set() stores kSet before
//       it unparks, so a waiter sees kSet or is unparked.
//   E2  A waiter unparked by set() has seen the event, even if reset() follows at once.
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
    bool is_set() const { return word_.load(std::memory_order_acquire) == kSet; }
    // Waits until the flag is set. Blocks; not for the page thread unless the deadline is over.
    WaitResult wait(Deadline deadline, Interruptible interruptible,
                    WaitKind kind = WaitKind::event);

  private:
    static constexpr uint32_t kClear = 0;
    static constexpr uint32_t kSet = 1;
    static constexpr uint32_t kParked = 2;

    std::atomic<uint32_t> word_{kClear};
};

}  // namespace heddle

#endif  // HEDDLE_EVENT_H_

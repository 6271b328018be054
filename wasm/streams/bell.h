// Bell: lets threads sleep until something may have changed; any thread may wake them.
// SPDX-License-Identifier: MIT
//
// Use
//   A waiter reads count() and looks at the state it is interested in. If it does not like it, it
//   calls wait() with that count. A thread that changes the state calls ring() afterwards. They
//   share no lock, so the host thread can ring while any other thread is suspended anywhere.
//
// Invariants
//   B1  The state is changed before count_ is raised. A waiter that read the new count therefore
//       also sees the new state; one that read the old count is refused sleep by validate().
//   B2  sleepers_ is raised before count_ is compared, and count_ is raised before sleepers_ is
//       read, all of it seq_cst. So either the waiter sees the new count, or ring() sees the
//       sleeper and unparks it. A ring without sleepers costs two atomic instructions.
//
// Waking early is harmless: every waiter loops and looks at its state again.
#ifndef HEDDLE_WASM_STREAMS_BELL_H_
#define HEDDLE_WASM_STREAMS_BELL_H_

#include <atomic>
#include <cstdint>

#include "heddle/parking_lot.h"

namespace heddle {

class Bell {
  public:
    constexpr Bell() = default;
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    // How often it was rung. seq_cst: B1 and B2. Any thread.
    uint32_t count() const { return count_.load(std::memory_order_seq_cst); }

    // Wakes all sleepers. Never blocks for long; any thread, the host thread too.
    void ring() {
        count_.fetch_add(1, std::memory_order_seq_cst);  // B1, B2
        if (sleepers_.load(std::memory_order_seq_cst) != 0) ParkingLot::unpark_all(&count_);
    }

    // Sleeps until it is rung after `seen` was read, the deadline, or a signal for the main thread.
    // Blocks; not for the host thread unless the deadline is over.
    WaitResult wait(uint32_t seen, Deadline deadline, Interruptible interruptible) {
        if (is_over(deadline)) return WaitResult::timed_out;
        sleepers_.fetch_add(1, std::memory_order_seq_cst);  // B2
        const ParkRequest request{.address = &count_,
                                  .kind = WaitKind::io,
                                  .deadline = deadline,
                                  .interruptible = interruptible};
        const ParkOutcome outcome = ParkingLot::park(request, [&] { return count() == seen; });
        // relaxed: too high a number only makes ring() look for somebody who has left
        sleepers_.fetch_sub(1, std::memory_order_relaxed);
        return to_wait_result(outcome.result);
    }

  private:
    std::atomic<uint32_t> count_{0};     // B1
    std::atomic<uint32_t> sleepers_{0};  // B2
};

// Rung whenever a descriptor may have become readable or writable: what poll() waits for.
inline constinit Bell g_readiness;

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_BELL_H_

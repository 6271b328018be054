// Parking lot: queues of sleeping threads, kept outside the objects that they sleep on.
// SPDX-License-Identifier: MIT
//
// Overview
//   Any address can be slept on. A static table of buckets, chosen by a hash of the address, holds
//   first-in-first-out queues of waiters; each bucket has a tiny lock of its own that is held for
//   a few instructions. Locks built on this need only a word, and no allocation.
//
// Sleeping
//   Here every thread sleeps on one word only, whatever it waits for: the park word of its sleeper
//   (park/sleeper.h; its values and rules are in park/parker.h). An unparker first writes the news
//   for a thread (the waiter's `granted` flag, or the interrupt flag), then notifies the park word,
//   which wakes it. The thread re-reads the news after it took the notification, and sleeps only
//   while there is none.
//   So nothing can be lost between its check and its sleep, however they interleave. (Had a signal
//   to wake the word of the lock that the main thread happens to wait for, it could fire after the
//   main thread's last look and before its sleep, and be lost.)
//
//   Sleepers are static, so a late wake-up never touches memory that is gone. It makes some later
//   wait of that thread look once more, and nothing else.
//
// Interrupts
//   An interrupt is one flag for the main thread. Posting it is a store and a wake, no lock, so the
//   host thread may do it at any moment. An interruptible wait that sees the flag takes itself
//   out of the queue under the bucket's lock. If it was taken out by an unparker first, the wait
//   counts as unparked, and the flag stays for the next interruptible wait.
//
// Invariants
//   P1  A waiter is in the queue of its address's bucket exactly while `granted` is false and
//       its park() has not returned; both change only under the bucket's lock.
//   P2  An unparker's last access to a waiter is the store granted = true. Waiters live on their
//       threads' stacks and may be gone right after it.
//   P3  News comes before its notification: granted/interrupt is stored before the park word is
//       set. The thread reads them after it emptied the park word, and before it sleeps.
//   P4  validate() and the unpark callbacks run under the bucket's lock: they may read and write
//       atomics, and must not park, unpark, or take locks.
//
// Nesting
//   before_sleep may park (releasing an interpreter's lock may): the inner wait may eat the
//   notification for the outer one, which is harmless because of P3.
#ifndef HEDDLE_PARKING_LOT_H_
#define HEDDLE_PARKING_LOT_H_

#include <cstdint>

#include "heddle/function_ref.h"
#include "heddle/wait.h"

namespace heddle {

enum class ParkResult : uint8_t {
    unparked,     // by an unparker, which may have passed a token
    invalid,      // validate() said no; the thread did not sleep
    timed_out,    // the deadline came first
    interrupted,  // an interrupt came first (main thread, interruptible waits only)
};

// A wait in a loop that looks again after `unparked` and `invalid` alike: both count as acquired.
constexpr WaitResult to_wait_result(ParkResult result) {
    switch (result) {
        case ParkResult::timed_out:
            return WaitResult::timed_out;
        case ParkResult::interrupted:
            return WaitResult::interrupted;
        case ParkResult::unparked:
        case ParkResult::invalid:
            break;
    }
    return WaitResult::acquired;
}

struct ParkOutcome {
    ParkResult result;
    uintptr_t token;  // what the unparker's callback returned; 0 when not unparked
};

struct ParkRequest {
    const void* address;  // what is slept on; only compared, and read for lock kinds (see WaitKind)
    WaitKind kind;        // for inspection
    Deadline deadline = kNever;
    Interruptible interruptible = Interruptible::no;
    void* park_arg = nullptr;   // shown to the unparker's callback
    int64_t since_ns = 0;       // when this wait began, if it began before this call; 0: now
    heddle_ident_t target = 0;  // who is waited for, where it is known; for inspection
};

// What unpark_one() tells its callback.
struct UnparkInfo {
    bool did_unpark;    // a waiter was found and is being unparked
    bool has_more;      // more waiters of this address stay in the queue
    void* park_arg;     // the waiter's park_arg; nullptr when there is none
    bool time_is_fair;  // this waiter has waited long enough to be handed what it waits for
};

// A head waiter that has waited this long makes time_is_fair true, at most once per such period in
// each bucket: rare enough not to turn every release into a change of threads.
inline constexpr int64_t kFairAfterNs = 1 * kMillisecond;

class ParkingLot {
  public:
    // Queues the calling thread on request.address if validate() says yes (called under the
    // bucket's lock, P4), calls before_sleep() outside any lock, and sleeps until unparked, the
    // deadline, or an interrupt. before_sleep() is called only when the thread was queued; it must
    // return. Blocks; on the host thread it spins.
    static ParkOutcome park(const ParkRequest& request, FunctionRef<bool()> validate,
                            FunctionRef<void()> before_sleep);
    static ParkOutcome park(const ParkRequest& request, FunctionRef<bool()> validate) {
        return park(request, validate, [] {});
    }

    // Unparks the first waiter of the address, if any, after callback() was called under the
    // bucket's lock (P4), with or without a waiter. Its result becomes the waiter's token. Never
    // blocks for long; any thread.
    static void unpark_one(const void* address, FunctionRef<uintptr_t(const UnparkInfo&)> callback);

    // Unparks up to max_count waiters of the address, token 0, and gives their number. Never blocks
    // for long; any thread.
    static uint32_t unpark(const void* address, uint32_t max_count);
    static uint32_t unpark_all(const void* address) { return unpark(address, UINT32_MAX); }

    // Waiters queued on the address at this moment. For tests and inspection.
    static uint32_t count_waiters(const void* address);

    ParkingLot() = delete;
};

}  // namespace heddle

#endif  // HEDDLE_PARKING_LOT_H_

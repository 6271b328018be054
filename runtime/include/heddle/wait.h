// Waits: how a wait may end, whether a signal may end it, and what it is shown as.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WAIT_H_
#define HEDDLE_WAIT_H_

#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/time.h"

namespace heddle {

// How a wait ended. The values are those of heddle_wait_result_t.
enum class WaitResult : int {
    acquired = HEDDLE_ACQUIRED,        // what was waited for happened
    timed_out = HEDDLE_TIMED_OUT,      // the deadline came first
    interrupted = HEDDLE_INTERRUPTED,  // a signal for the main thread came first
};

// Whether a signal ends the wait. Only the main thread's waits are ever interrupted; in all other
// threads `yes` does nothing.
enum class Interruptible : bool { no = false, yes = true };

// What a thread waits for: shown by heddle_threads_snapshot() as waitingOn.kind.
enum class WaitKind : uint8_t {
    none,         // it does not wait
    lock,         // a Lock; the address is a heddle_lock_t, so its owner can be shown
    rlock,        // an RLock; the address is the heddle_lock_t inside
    semaphore,    // a Semaphore
    event,        // an Event
    condition,    // a Condition, or one that is made of locks
    thread,       // the end of another thread
    sleep,        // time
    signal,       // a signal (pause, sigwait)
    io,           // console, pipes, sockets, poll(), a request, a file on its way
    interpreter,  // something inside the interpreter (its GIL, its own parking)
};

// The word used for a kind in the snapshot ("lock", ...), "" for none. Any thread.
const char* wait_kind_name(WaitKind kind);

}  // namespace heddle

#endif  // HEDDLE_WAIT_H_

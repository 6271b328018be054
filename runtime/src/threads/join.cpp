// Join: waiting for a thread's end, and giving up the right to do so.
// SPDX-License-Identifier: MIT
#include <cerrno>

#include "heddle/parking_lot.h"
#include "threads/thread_table.h"

using namespace heddle;

extern "C" {

int heddle_thread_join(heddle_ident_t ident, int64_t timeout_ns, bool interruptible) {
    if (ident == this_thread_ident()) return EDEADLK;
    ThreadRecord* const record = find_joinable(ident);
    if (record == nullptr) return ESRCH;
    const Deadline deadline = deadline_after(timeout_ns);
    for (;;) {
        // acquire: the joiner sees what the thread did (T3). A record that was recycled fails in
        // give_up_join(), whatever its `done` says.
        if (record->done.load(std::memory_order_acquire) != 0) {
            return give_up_join(*record, ident) ? 0 : ESRCH;
        }
        const ParkOutcome outcome =
            ParkingLot::park({.address = &record->done,
                              .kind = WaitKind::thread,
                              .deadline = deadline,
                              .interruptible = Interruptible{interruptible},
                              .target = ident},
                             [&] {
                                 // an ident that is still there came with done == 0
                                 return record->ident() == ident &&
                                        record->done.load(std::memory_order_relaxed) == 0;
                             });
        const WaitResult result = to_wait_result(outcome.result);
        if (result == WaitResult::timed_out) return ETIMEDOUT;
        if (result == WaitResult::interrupted) return EINTR;
        if (record->ident() != ident) return ESRCH;
    }
}

int heddle_thread_detach(heddle_ident_t ident) {
    ThreadRecord* const record = find_joinable(ident);
    return record != nullptr && give_up_join(*record, ident) ? 0 : ESRCH;
}

}  // extern "C"

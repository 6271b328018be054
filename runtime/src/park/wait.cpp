// Waits: the words that wait kinds are shown as, and plain sleeping.
// SPDX-License-Identifier: MIT
#include "heddle/wait.h"

#include "heddle/parking_lot.h"
#include "park/sleeper.h"

namespace heddle {

const char* wait_kind_name(WaitKind kind) {
    switch (kind) {
        case WaitKind::none:
            return "";
        case WaitKind::lock:
            return "lock";
        case WaitKind::rlock:
            return "rlock";
        case WaitKind::semaphore:
            return "semaphore";
        case WaitKind::event:
            return "event";
        case WaitKind::condition:
            return "condition";
        case WaitKind::thread:
            return "thread";
        case WaitKind::sleep:
            return "sleep";
        case WaitKind::signal:
            return "signal";
        case WaitKind::io:
            return "io";
        case WaitKind::interpreter:
            return "interpreter";
    }
    return "";
}

}  // namespace heddle

extern "C" heddle_wait_result_t heddle_sleep(int64_t timeout_ns, bool interruptible) {
    using namespace heddle;
    // As long as a kernel's: a program that sleeps for no time gives up a lock meanwhile (Python's
    // GIL), and who waits for that needs this long to wake up and take it.
    constexpr int64_t kShortest = 50 * kMicrosecond;
    if (timeout_ns >= 0 && timeout_ns < kShortest) timeout_ns = kShortest;
    // Nobody unparks this address: it only gives the sleep a queue to be seen in.
    const ParkOutcome outcome = ParkingLot::park({.address = &this_sleeper(),
                                                  .kind = WaitKind::sleep,
                                                  .deadline = deadline_after(timeout_ns),
                                                  .interruptible = Interruptible{interruptible}},
                                                 [] { return true; });
    return outcome.result == ParkResult::interrupted ? HEDDLE_INTERRUPTED : HEDDLE_TIMED_OUT;
}

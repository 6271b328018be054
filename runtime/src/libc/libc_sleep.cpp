// libc sleep: clock_nanosleep on the core, so that a signal ends the main thread's sleeps.
// SPDX-License-Identifier: MIT
//
// Takes the place of clock_nanosleep.o (clock_nanosleep, __clock_nanosleep). nanosleep(), usleep(),
// sleep() and thrd_sleep() stay libc's: they are written with __clock_nanosleep().
#include <cerrno>
#include <ctime>

#include "heddle/heddle.h"
#include "heddle/time.h"
#include "heddle/timespec.h"

using namespace heddle;

extern "C" {

int __clock_nanosleep(clockid_t clock, int flags, const struct timespec* request,
                      struct timespec* left) {
    if (clock == CLOCK_THREAD_CPUTIME_ID || request == nullptr || !is_valid(*request)) {
        return EINVAL;
    }
    int64_t timeout_ns = to_ns(*request);
    const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
    if (is_absolute) {
        timespec now;
        if (clock_gettime(clock, &now) != 0) return EINVAL;
        timeout_ns -= to_ns(now);
        if (timeout_ns < 0) timeout_ns = 0;
    }
    const Deadline deadline = deadline_after(timeout_ns);
    if (heddle_sleep(timeout_ns, /*interruptible=*/true) != HEDDLE_INTERRUPTED) return 0;
    if (left != nullptr && !is_absolute) {
        *left = to_timespec(time_left_ns(deadline));
    }
    return EINTR;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec* request,
                    struct timespec* left) __attribute__((alias("__clock_nanosleep")));

}  // extern "C"

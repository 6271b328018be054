// libc timer: setitimer and getitimer for ITIMER_REAL on the core's timer.
// SPDX-License-Identifier: MIT
//
// Takes the place of setitimer.o and getitimer.o. Emscripten's own timers fire from the host
// thread's event loop and from _emscripten_check_timers(), which libc's yielding calls; here it has nothing
// to do. alarm() and ualarm() stay libc's: they are written with setitimer(). There is no clock of
// a thread's or program's own time in WebAssembly, so ITIMER_VIRTUAL and ITIMER_PROF are refused.
#include <sys/time.h>
#include <cerrno>
#include <csignal>

#include "heddle/heddle.h"
#include "heddle/time.h"
#include "heddle/timer.h"
#include "libc/libc_signals.h"

namespace {

using heddle::kMicrosecond;
using heddle::kSecond;

// -1 if it is not a valid time.
int64_t to_ns(const timeval& time) {
    if (time.tv_sec < 0 || time.tv_usec < 0 || time.tv_usec >= 1'000'000) return -1;
    if (time.tv_sec >= heddle::kNever / kSecond / 2) return heddle::kNever / 2;
    return time.tv_sec * kSecond + time.tv_usec * kMicrosecond;
}

timeval to_timeval(int64_t ns) {
    const int64_t us = (ns + kMicrosecond - 1) / kMicrosecond;
    timeval time{};
    time.tv_sec = us / 1'000'000;
    time.tv_usec = static_cast<suseconds_t>(us % 1'000'000);
    return time;
}

itimerval to_itimerval(heddle::TimerSetting setting) {
    return {.it_interval = to_timeval(setting.interval_ns),
            .it_value = to_timeval(setting.value_ns)};
}

int fail_with(int error) {
    errno = error;
    return -1;
}

}  // namespace

extern "C" {

int setitimer(int which, const struct itimerval* setting, struct itimerval* former) {
    if (which != ITIMER_REAL) return fail_with(EINVAL);
    const heddle::TimerSetting wanted = {.value_ns = to_ns(setting->it_value),
                                         .interval_ns = to_ns(setting->it_interval)};
    heddle::TimerSetting before{};
    const int error = heddle::set_timer(wanted, [] { heddle::deliver_signal(SIGALRM); }, &before);
    if (error != 0) return fail_with(error);
    if (former != nullptr) *former = to_itimerval(before);
    return 0;
}

int getitimer(int which, struct itimerval* setting) {
    if (which != ITIMER_REAL) return fail_with(EINVAL);
    *setting = to_itimerval(heddle::timer_setting());
    return 0;
}

void _emscripten_check_timers(double) {}
void _emscripten_timeout(int, double) {}

}  // extern "C"

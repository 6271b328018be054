// Timer: one interval timer, as setitimer(ITIMER_REAL) has it, that calls a function when it is due.
// SPDX-License-Identifier: MIT
//
// A helper thread waits for the deadline. It is started when the timer is set and ends when it is
// stopped or a one-shot timer has fired. The snapshot and the count of threads leave it out.
#ifndef HEDDLE_TIMER_H_
#define HEDDLE_TIMER_H_

#include <cstdint>

namespace heddle {

struct TimerSetting {
    int64_t value_ns;     // until it is due next; 0: stopped
    int64_t interval_ns;  // between later times; 0: once
};

// Sets the timer (value_ns 0 stops it) and gives the former setting. `on_due` is called on the
// helper thread, with no lock held. 0, or EAGAIN when the helper cannot be started; EINVAL for
// negative times. Blocks as heddle_thread_start() does; not for the host thread.
int set_timer(TimerSetting setting, void (*on_due)(), TimerSetting* former_out);

// The setting at this moment. Any thread.
TimerSetting timer_setting();

}  // namespace heddle

#endif  // HEDDLE_TIMER_H_

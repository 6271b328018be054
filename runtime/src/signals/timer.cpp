// Timer: one interval timer, as setitimer(ITIMER_REAL) has it, that calls a function when it is due.
// SPDX-License-Identifier: MIT
#include "heddle/timer.h"

#include <cerrno>

#include "heddle/condition.h"
#include "heddle/lock.h"
#include "heddle/thread_safety.h"
#include "threads/start.h"

namespace heddle {

namespace {

constinit Lock g_lock;
// Notified when the setting changed.
constinit Condition g_changed;
constinit Deadline g_due HEDDLE_GUARDED_BY(g_lock) = kNever;  // kNever: stopped
constinit int64_t g_interval_ns HEDDLE_GUARDED_BY(g_lock) = 0;
constinit void (*g_on_due)() HEDDLE_GUARDED_BY(g_lock) = nullptr;
constinit bool g_has_helper HEDDLE_GUARDED_BY(g_lock) = false;

// Holds g_lock for a scope. (std::unique_lock needs a C++ library with threads.)
struct HEDDLE_SCOPED_CAPABILITY Guard {
    Guard() HEDDLE_ACQUIRE(g_lock) { g_lock.lock(); }
    ~Guard() HEDDLE_RELEASE() { g_lock.unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
};

// After a delay, the next time is the next multiple of the interval in the future.
void set_next_due() HEDDLE_REQUIRES(g_lock) {
    if (g_interval_ns == 0) {
        g_due = kNever;
        return;
    }
    const int64_t late_ns = now_ns() - g_due;
    g_due += (late_ns / g_interval_ns + 1) * g_interval_ns;
}

void run_helper(void*) {
    Guard guard;
    while (g_due != kNever) {
        if (!is_over(g_due)) {
            // A change, the deadline: looks again either way.
            (void)g_changed.wait(g_lock, g_due, Interruptible::no, WaitKind::sleep);
            continue;
        }
        set_next_due();
        void (*const on_due)() = g_on_due;
        g_lock.unlock();
        on_due();
        g_lock.lock();
    }
    g_has_helper = false;
}

TimerSetting setting_now() HEDDLE_REQUIRES(g_lock) {
    if (g_due == kNever) return {};
    const int64_t left_ns = time_left_ns(g_due);
    return {.value_ns = left_ns > 0 ? left_ns : 1, .interval_ns = g_interval_ns};
}

}  // namespace

int set_timer(TimerSetting setting, void (*on_due)(), TimerSetting* former_out) {
    if (setting.value_ns < 0 || setting.interval_ns < 0) return EINVAL;
    {
        Guard guard;
        if (former_out != nullptr) *former_out = setting_now();
        g_due = setting.value_ns == 0 ? kNever : deadline_after(setting.value_ns);
        g_interval_ns = setting.interval_ns;
        g_on_due = on_due;
        if (g_has_helper || g_due == kNever) {
            g_changed.notify_one();
            return 0;
        }
        g_has_helper = true;
    }
    const heddle_thread_options_t options = {
        .name = "heddle timer", .stack_bytes = 0, .joinable = false, .daemon = true};
    const int error = start_with_role(ThreadRole::helper, run_helper, nullptr, options, nullptr);
    if (error != 0) {
        Guard guard;
        g_has_helper = false;
        g_due = kNever;
    }
    return error;
}

TimerSetting timer_setting() {
    Guard guard;
    return setting_now();
}

}  // namespace heddle

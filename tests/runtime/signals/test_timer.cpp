// Tests of the timer: when it is due, repetition, stopping.
// SPDX-License-Identifier: MIT
#include "heddle/timer.h"

#include <cerrno>

#include "heddle/thread.h"
#include "support.h"

namespace heddle::test {
namespace {

std::atomic<uint32_t> g_due{0};
std::atomic<int64_t> g_last_due_ns{0};

void on_due() {
    g_last_due_ns = now_ns();
    g_due++;
}

TEST(Timer, FiresOnceAndThenItsHelperEnds) {
    g_due = 0;
    const int64_t start = now_ns();
    ASSERT_EQ(set_timer({.value_ns = 20 * kMillisecond, .interval_ns = 0}, on_due, nullptr), 0);
    EXPECT_EQ(heddle_thread_count(), 1U);
    wait_until([] { return g_due == 1; }, "it is due");
    EXPECT_GE(g_last_due_ns - start, 20 * kMillisecond);
    EXPECT_LT(g_last_due_ns - start, 20 * kMillisecond + kLateNs);
    EXPECT_EQ(timer_setting().value_ns, 0);
    wait_until([] { return thread_records_in_use() == 1; }, "the helper ends");
    EXPECT_EQ(g_due, 1U);
}

TEST(Timer, RepeatsUntilStopped) {
    g_due = 0;
    ASSERT_EQ(
        set_timer({.value_ns = kMillisecond, .interval_ns = 2 * kMillisecond}, on_due, nullptr), 0);
    wait_until([] { return g_due >= 5; }, "it was due 5 times");
    TimerSetting former{};
    ASSERT_EQ(set_timer({}, on_due, &former), 0);
    EXPECT_EQ(former.interval_ns, 2 * kMillisecond);
    wait_until([] { return thread_records_in_use() == 1; }, "the helper ends");
    const uint32_t due = g_due;
    heddle_sleep(10 * kMillisecond, false);
    EXPECT_EQ(g_due, due);
}

TEST(Timer, CanBeSetAgainBeforeItIsDue) {
    g_due = 0;
    ASSERT_EQ(set_timer({.value_ns = 30 * kSecond, .interval_ns = 0}, on_due, nullptr), 0);
    EXPECT_GT(timer_setting().value_ns, 0);
    TimerSetting former{};
    ASSERT_EQ(set_timer({.value_ns = kMillisecond, .interval_ns = 0}, on_due, &former), 0);
    EXPECT_GT(former.value_ns, 29 * kSecond);
    wait_until([] { return g_due == 1; }, "it is due");
}

TEST(Timer, SetAndStopInQuickSuccessionLeaveNothingBehind) {
    g_due = 0;
    for (uint32_t i = 0; i < scaled(400); i++) {
        ASSERT_EQ(set_timer({.value_ns = 50'000, .interval_ns = 10'000}, on_due, nullptr), 0);
        work(i * 50);
        ASSERT_EQ(set_timer({}, on_due, nullptr), 0);
    }
    EXPECT_EQ(set_timer({.value_ns = -1, .interval_ns = 0}, on_due, nullptr), EINVAL);
}

}  // namespace
}  // namespace heddle::test

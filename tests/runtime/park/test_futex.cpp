// Tests of the futex: what a wait returns, and that a wake ends it.
// SPDX-License-Identifier: MIT
#include "heddle/futex.h"

#include "support.h"

namespace heddle::test {
namespace {

TEST(Futex, ReturnsAtOnceWhenTheWordDiffers) {
    std::atomic<uint32_t> word{1};
    EXPECT_TRUE(futex_wait(word, 0, kNever));
}

TEST(Futex, ReportsThatTheDeadlineIsOver) {
    std::atomic<uint32_t> word{0};
    EXPECT_FALSE(futex_wait(word, 0, 0));
    const int64_t start = now_ns();
    EXPECT_FALSE(futex_wait(word, 0, deadline_after(20 * kMillisecond)));
    const int64_t waited = now_ns() - start;
    EXPECT_GE(waited, 20 * kMillisecond);
    EXPECT_LT(waited, 20 * kMillisecond + kLateNs);
}

TEST(Futex, WakeEndsAWait) {
    std::atomic<uint32_t> word{0};
    Thread waker([&] {
        heddle_sleep(5 * kMillisecond, false);
        word.store(1);
        futex_wake(word, 1);
    });
    while (word.load() == 0) EXPECT_TRUE(futex_wait(word, 0, deadline_after(10 * kSecond)));
}

TEST(Time, DeadlinesSaturate) {
    EXPECT_EQ(deadline_after(-1), kNever);
    EXPECT_EQ(deadline_after(INT64_MIN), kNever);
    EXPECT_EQ(deadline_after(INT64_MAX), kNever);
    EXPECT_FALSE(is_over(kNever));
    EXPECT_TRUE(is_over(0));
    EXPECT_EQ(time_left_ns(kNever), kNever);
    EXPECT_EQ(time_left_ns(0), 0);
}

}  // namespace
}  // namespace heddle::test

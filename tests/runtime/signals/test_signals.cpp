// Tests of signals: handlers, posting, waking the main thread, masks, waiting for a signal.
// SPDX-License-Identifier: MIT
#include "heddle/signals.h"

#include <cerrno>

#include "support.h"

namespace heddle::test {
namespace {

constexpr int kSigInt = 2;
constexpr int kSigUser = 10;

std::atomic<uint32_t> g_handled{0};
std::atomic<int> g_last{0};
std::atomic<heddle_ident_t> g_handler_thread{0};

void handle(int signum) {
    g_last = signum;
    g_handler_thread = heddle_thread_self();
    g_handled++;
}

class SignalTest : public ::testing::Test {
    void SetUp() override { g_handled = 0; }
    void TearDown() override {
        set_blocked_signals(0, [](int) {});
        for (int i = 1; i < HEDDLE_NSIG; i++) {
            heddle_signal_set_handler(i, HEDDLE_SIG_DEFAULT, nullptr);
        }
    }
};

TEST_F(SignalTest, SetHandlerGivesTheFormerOne) {
    heddle_signal_handler_t former = handle;
    EXPECT_EQ(heddle_signal_set_handler(kSigInt, handle, &former), 0);
    EXPECT_EQ(former, HEDDLE_SIG_DEFAULT);
    EXPECT_EQ(heddle_signal_set_handler(kSigInt, HEDDLE_SIG_IGNORE, &former), 0);
    EXPECT_EQ(former, handle);
    EXPECT_EQ(signal_handler(kSigInt), HEDDLE_SIG_IGNORE);
}

TEST_F(SignalTest, NumbersOutsideTheRangeAreRefused) {
    for (const int signum : {0, -1, HEDDLE_NSIG, 1000}) {
        EXPECT_EQ(heddle_signal_post(signum), EINVAL);
        EXPECT_EQ(heddle_signal_set_handler(signum, handle, nullptr), EINVAL);
    }
    EXPECT_EQ(heddle_signal_set_handler(HEDDLE_NSIG - 1, handle, nullptr), 0);
    EXPECT_EQ(heddle_signal_post(HEDDLE_NSIG - 1), 0);
    EXPECT_EQ(g_last, HEDDLE_NSIG - 1);
}

TEST_F(SignalTest, DefaultAndIgnoredSignalsDoNothing) {
    EXPECT_EQ(heddle_signal_post(kSigInt), 0);
    heddle_signal_set_handler(kSigInt, HEDDLE_SIG_IGNORE, nullptr);
    Thread([] { EXPECT_EQ(heddle_signal_post(kSigInt), 0); }).join();
    EXPECT_FALSE(heddle_main_thread_take_interrupt());
}

TEST_F(SignalTest, AHandlerRunsAtOnceOnThePostingThreadAndWakesTheMainThread) {
    heddle_signal_set_handler(kSigInt, handle, nullptr);
    Thread poster([] {
        heddle_sleep(5 * kMillisecond, false);
        EXPECT_EQ(heddle_signal_post(kSigInt), 0);
        EXPECT_EQ(g_handler_thread, heddle_thread_self());
    });
    EXPECT_EQ(heddle_sleep(HEDDLE_FOREVER, true), HEDDLE_INTERRUPTED);
    EXPECT_EQ(g_handled, 1U);
    poster.join();
}

TEST_F(SignalTest, TheMainThreadDoesNotInterruptItself) {
    heddle_signal_set_handler(kSigInt, handle, nullptr);
    EXPECT_EQ(heddle_signal_post(kSigInt), 0);
    EXPECT_EQ(g_handled, 1U);
    EXPECT_EQ(heddle_sleep(kMillisecond, true), HEDDLE_TIMED_OUT);
}

TEST_F(SignalTest, ABlockedSignalIsPendingUntilItIsUnblocked) {
    heddle_signal_set_handler(kSigUser, handle, nullptr);
    set_blocked_signals(signal_bit(kSigUser), [](int) {});
    Thread([] { heddle_signal_post(kSigUser); }).join();
    heddle_signal_post(kSigUser);
    EXPECT_EQ(g_handled, 0U);
    EXPECT_EQ(pending_signals(), signal_bit(kSigUser));
    EXPECT_FALSE(heddle_main_thread_take_interrupt());
    set_blocked_signals(0, [](int signum) { heddle_signal_post(signum); });
    EXPECT_EQ(g_handled, 1U);  // once: signals do not queue
    EXPECT_EQ(pending_signals(), 0U);
}

TEST_F(SignalTest, WaitForSignalTakesAPendingOneOrWaitsForIt) {
    set_blocked_signals(signal_bit(kSigUser) | signal_bit(kSigInt), [](int) {});
    int signum = 0;
    EXPECT_EQ(wait_for_signal(signal_bit(kSigUser), deadline_after(kMillisecond),
                              Interruptible::yes, &signum),
              WaitResult::timed_out);
    EXPECT_EQ(signum, 0);
    heddle_signal_post(kSigInt);
    Thread poster([] {
        heddle_sleep(5 * kMillisecond, false);
        heddle_signal_post(kSigUser);
    });
    EXPECT_EQ(wait_for_signal(signal_bit(kSigUser), kNever, Interruptible::yes, &signum),
              WaitResult::acquired);
    EXPECT_EQ(signum, kSigUser);
    EXPECT_EQ(take_pending_signal(~SignalSet{0}), kSigInt);
    EXPECT_EQ(take_pending_signal(~SignalSet{0}), 0);
}

// Hammers posts against blocking and unblocking: each round's signal is handled, and never twice.
TEST_F(SignalTest, NeverLosesASignalToAChangingMask) {
    heddle_signal_set_handler(kSigUser, handle, nullptr);
    const uint32_t rounds = scaled(20'000);
    std::atomic<uint32_t> posted{0};
    Thread poster([&] {
        for (uint32_t i = 0; i < rounds; i++) {
            heddle_signal_post(kSigUser);
            posted++;
            while (g_handled.load() < i + 1) work(10);
        }
    });
    while (g_handled < rounds) {
        set_blocked_signals(signal_bit(kSigUser), [](int) {});
        work(50);
        set_blocked_signals(0, [](int signum) { heddle_signal_post(signum); });
    }
    poster.join();
    EXPECT_EQ(g_handled, rounds);
}

}  // namespace
}  // namespace heddle::test

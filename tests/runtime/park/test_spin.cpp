// Tests of spinning before a sleep: that it sees what comes, and that it gives up where it does not
// pay. SPDX-License-Identifier: MIT
#include "park/spin.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/platform.h"

namespace heddle::test {
namespace {

class SpinTest : public testing::Test {
  protected:
    void SetUp() override {
        if (platform::core_count() < 2) GTEST_SKIP() << "one core: nobody spins";
    }

    // Looks at a word that stays empty, as a wait that lasts would; false: this wait is skipped.
    bool spins_in_vain() {
        const bool skipped = history_.skip > 0;
        const int64_t start = now_ns();
        spin_while_empty(word_, kNever, history_);
        if (!skipped) EXPECT_GE(now_ns() - start, kSpinNs);
        return !skipped;
    }

    std::atomic<uint32_t> word_{0};
    SpinHistory history_;
};

TEST_F(SpinTest, ANotificationThatIsThereEndsItAtOnce) {
    word_ = 1;
    spin_while_empty(word_, kNever, history_);
    EXPECT_EQ(history_.misses, 0);
}

TEST_F(SpinTest, ADeadlineEndsIt) {
    spin_while_empty(word_, now_ns() - 1, history_);
    EXPECT_EQ(history_.misses, 1);
}

TEST_F(SpinTest, InVainItIsTriedLessAndLessOften) {
    int spins = 0;
    for (int wait = 0; wait < 160; wait++) spins += spins_in_vain() ? 1 : 0;
    EXPECT_GE(spins, 10);
    EXPECT_LE(spins, 14);  // four on the way, then one in sixteen
}

TEST_F(SpinTest, OneThatPaysStartsAnew) {
    while (history_.misses < 3 || history_.skip > 0) spins_in_vain();
    word_ = 1;
    spin_while_empty(word_, kNever, history_);
    word_ = 0;
    EXPECT_TRUE(spins_in_vain());
}

TEST_F(SpinTest, OnlyWaitsForOtherThreadsSpin) {
    EXPECT_TRUE(may_end_soon(WaitKind::lock));
    EXPECT_TRUE(may_end_soon(WaitKind::interpreter));
    EXPECT_FALSE(may_end_soon(WaitKind::sleep));
    EXPECT_FALSE(may_end_soon(WaitKind::io));
}

}  // namespace
}  // namespace heddle::test

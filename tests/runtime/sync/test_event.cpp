// Tests of Event: setting, resetting, and that no waiter misses a set().
// SPDX-License-Identifier: MIT
#include "heddle/event.h"

#include "support.h"

namespace heddle::test {
namespace {

TEST(Event, IsSetUntilItIsReset) {
    Event event;
    EXPECT_FALSE(event.is_set());
    event.set();
    event.set();
    EXPECT_TRUE(event.is_set());
    EXPECT_EQ(event.wait(0, Interruptible::no), WaitResult::acquired);
    event.reset();
    event.reset();
    EXPECT_FALSE(event.is_set());
    EXPECT_EQ(event.wait(deadline_after(kMillisecond), Interruptible::yes), WaitResult::timed_out);
    event.set();
    EXPECT_TRUE(event.is_set());
}

TEST(Event, WakesAllWaitersEvenIfItIsResetAtOnce) {
    Event event;
    for (uint32_t round = 0; round < scaled(200); round++) {
        std::atomic<uint32_t> saw{0};
        std::vector<Thread> threads;
        for (int i = 0; i < 4; i++) {
            threads.emplace_back([&] {
                EXPECT_EQ(event.wait(kNever, Interruptible::no), WaitResult::acquired);
                saw++;
            });
        }
        for (const Thread& thread : threads) wait_until_waiting(thread.ident(), "event");
        event.set();
        event.reset();
        threads.clear();
        EXPECT_EQ(saw, 4U);
    }
}

// Hammers the window between a waiter's check and its sleep: a ping-pong that hangs if one is lost.
TEST(Event, NeverLosesASet) {
    const uint32_t rounds = scaled(40'000);
    Event ping;
    Event pong;
    uint32_t data = 0;  // handed over by the events
    Thread other([&] {
        for (uint32_t i = 0; i < rounds; i++) {
            ping.wait(kNever, Interruptible::no);
            ping.reset();
            data++;
            pong.set();
        }
    });
    for (uint32_t i = 0; i < rounds; i++) {
        EXPECT_EQ(data, i);
        ping.set();
        EXPECT_EQ(pong.wait(kNever, Interruptible::yes), WaitResult::acquired);
        pong.reset();
    }
    EXPECT_EQ(data, rounds);
}

}  // namespace
}  // namespace heddle::test

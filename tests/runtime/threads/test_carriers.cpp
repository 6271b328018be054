// Tests of carriers: reuse, warming, and carriers that fail, come late, or are lost.
// SPDX-License-Identifier: MIT
#include "threads/carrier_pool.h"

#include <cerrno>
#include <set>
#include <thread>

#include "heddle/parking_lot.h"
#include "threads/thread_test.h"

namespace heddle::test {
namespace {

// Lets idle carriers end, so that the next thread needs a new one.
void cool_down() {
    heddle_thread_warm(0);
    wait_until([] { return carrier_counts().idle == 0 && carrier_counts().starting == 0; },
               "no carrier is idle");
}

TEST_F(ThreadTest, RecordsAndCarriersTakeNoBytesInAProgramsFile) {
    static constinit ThreadRecord record;
    static constinit Carrier carrier;
    EXPECT_TRUE(is_all_zeros(record));
    EXPECT_TRUE(is_all_zeros(carrier));
}

TEST_F(ThreadTest, AThousandInSequenceReuseFewCarriers) {
    cool_down();
    heddle_thread_warm(kDefaultIdleCarriers);
    std::set<std::thread::id> carriers;  // by the thread that runs; ordered by the joins
    for (int i = 0; i < 1000; i++) {
        Thread([&] { carriers.insert(std::this_thread::get_id()); }).join();
    }
    EXPECT_LE(carriers.size(), size_t{kDefaultIdleCarriers} + 2);
}

TEST_F(ThreadTest, IdleCarriersAboveTheWarmCountEnd) {
    cool_down();
    heddle_thread_warm(3);
    {
        Event end;
        std::vector<Thread> threads;
        for (int i = 0; i < 12; i++) {
            threads.emplace_back([&] { end.wait(kNever, Interruptible::no); });
        }
        end.set();
    }
    wait_until([] { return carrier_counts().running == 0; }, "all have ended");
    EXPECT_LE(carrier_counts().idle, 3U);
}

TEST_F(ThreadTest, WarmCallsThatDisagreeEnd) {
    run_threads(4, [](uint32_t index) {
        for (uint32_t i = 0; i < scaled(50); i++) heddle_thread_warm((index * 3 + i) % 5);
    });
    cool_down();
}

TEST_F(ThreadTest, WarmMakesCarriersThatTheNextThreadsUse) {
    cool_down();
    heddle_thread_warm(5);
    wait_until([] { return carrier_counts().idle == 5; }, "5 are idle");
    platform::set_spawn_fault(SpawnFault::fails, 1000);  // so all must use warm ones
    Event end;
    std::vector<Thread> threads;
    for (int i = 0; i < 5; i++) {
        threads.emplace_back([&] { end.wait(kNever, Interruptible::no); });
    }
    EXPECT_EQ(carrier_counts().idle, 0U);
    end.set();
}

struct FaultCase {
    const char* name;
    SpawnFault fault;
    int64_t delay_ns;
};

class FaultTest : public ThreadTest, public ::testing::WithParamInterface<FaultCase> {};

TEST_P(FaultTest, IsAnErrorInTheCallerAndNotAHang) {
    cool_down();
    set_carrier_start_limit(200 * kMillisecond);
    platform::set_spawn_fault(GetParam().fault, 2, GetParam().delay_ns);
    static std::vector<uintptr_t> tokens;
    tokens.clear();
    platform::set_token_listener([](uintptr_t token) { tokens.push_back(token); });
    for (int i = 0; i < 2; i++) {
        heddle_ident_t ident = 1;
        const int64_t start = now_ns();
        EXPECT_EQ(heddle_thread_start(nothing, nullptr, nullptr, &ident), EAGAIN);
        EXPECT_LT(now_ns() - start, 2 * kSecond);
        EXPECT_EQ(ident, 0U);
    }
    platform::set_token_listener(nullptr);
    EXPECT_EQ(thread_records_in_use(), 1U);
    bool ran = false;
    Thread([&] { ran = true; }).join();
    EXPECT_TRUE(ran);
    // The host may find out even later.
    for (const uintptr_t token : tokens) EXPECT_FALSE(heddle_carrier_failed(token));
    EXPECT_EQ(carrier_counts().starting, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FaultTest,
    ::testing::Values(FaultCase{"ThePlatformRefuses", SpawnFault::fails, 0},
                      FaultCase{"LostBeforeSpawnReturned", SpawnFault::lost_before_return, 0},
                      FaultCase{"LostSoon", SpawnFault::lost_later, 0},
                      FaultCase{"LostLater", SpawnFault::lost_later, 20 * kMillisecond},
                      FaultCase{"NeverHeardOfAgain", SpawnFault::never_starts, 0}),
    name_of<FaultCase>);

TEST_F(ThreadTest, ACarrierThatComesLateJoinsTheIdleOnesWithoutRunningTheJob) {
    cool_down();
    heddle_thread_warm(0);
    heddle_thread_set_limit(8);
    set_carrier_start_limit(20 * kMillisecond);
    platform::set_spawn_fault(SpawnFault::none, 1, kSecond);
    static std::atomic<uint32_t> ran{0};
    ran = 0;
    EXPECT_EQ(heddle_thread_start([](void*) { ran++; }, nullptr, nullptr, nullptr), EAGAIN);
    EXPECT_EQ(carrier_counts().starting, 1U);
    heddle_thread_warm(1);  // counts the one on its way
    wait_until([] { return carrier_counts().idle == 1; }, "it comes late");
    EXPECT_EQ(ran, 0U);
    platform::set_spawn_fault(SpawnFault::fails, 1000);
    Thread([] {}).join();
}

TEST_F(ThreadTest, AStartTakesACarrierThatIsOnItsWay) {
    cool_down();
    platform::set_spawn_fault(SpawnFault::none, 2, kSecond);
    heddle_thread_warm(2);
    EXPECT_EQ(carrier_counts().starting, 2U);
    platform::set_spawn_fault(SpawnFault::fails, 1000);  // so it must be one of those
    Event end;
    std::vector<Thread> threads;
    for (int i = 0; i < 2; i++) {
        threads.emplace_back([&] { end.wait(kNever, Interruptible::no); });
    }
    EXPECT_EQ(carrier_counts().running, 2U);
    EXPECT_EQ(carrier_counts().starting, 0U);
    end.set();
}

TEST_F(ThreadTest, AStartGetsANewCarrierWhenTheOneOnItsWayIsLost) {
    cool_down();
    platform::set_spawn_fault(SpawnFault::lost_later, 1, 50 * kMillisecond);
    heddle_thread_warm(1);
    platform::set_spawn_fault(SpawnFault::none, 1000);
    Thread([] {}).join();
}

TEST_F(ThreadTest, AThreadWhoseCarrierIsLostCountsAsEnded) {
    cool_down();
    // Stands for a worker that died in the middle of a wait.
    static int never = 0;
    static std::atomic<bool> is_gone{false};
    is_gone = false;
    static std::atomic<uintptr_t> token{0};
    token = 0;
    heddle_ident_t ident = 0;
    platform::set_token_listener([](uintptr_t t) { token = t; });
    ASSERT_EQ(heddle_thread_start(
                  [](void*) {
                      (void)ParkingLot::park({.address = &never, .kind = WaitKind::event},
                                             [] { return true; });
                      is_gone = true;
                  },
                  nullptr, &kJoinable, &ident),
              0);
    platform::set_token_listener(nullptr);
    wait_until_waiting(ident, "event");
    EXPECT_EQ(heddle_thread_join(ident, 0, false), ETIMEDOUT);
    Thread joiner([&] { EXPECT_EQ(heddle_thread_join(ident, HEDDLE_FOREVER, false), 0); });
    wait_until_waiting(joiner.ident(), "thread");
    EXPECT_TRUE(heddle_carrier_failed(token));
    joiner.join();
    EXPECT_FALSE(heddle_carrier_failed(token));  // again: nobody is meant
    EXPECT_FALSE(heddle_carrier_failed(0));
    EXPECT_FALSE(heddle_carrier_failed(12345));
    EXPECT_EQ(heddle_thread_count(), 1U);
    EXPECT_EQ(ParkingLot::count_waiters(&never), 0U);
    // A real worker would be gone; this one must be before its record serves another thread.
    wait_until([] { return is_gone.load(); }, "the lost thread has left");
    wait_until([] { return carrier_counts().running == 0; }, "nothing runs");
}

}  // namespace
}  // namespace heddle::test

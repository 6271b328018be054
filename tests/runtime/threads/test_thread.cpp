// Tests of threads: start, join, detach, exit, limits, reuse of carriers, and carriers that fail.
// SPDX-License-Identifier: MIT
#include "heddle/thread.h"

#include <cerrno>
#include <set>
#include <thread>

#include "threads/carrier_pool.h"
#include "heddle/event.h"
#include "heddle/lock.h"
#include "heddle/parking_lot.h"
#include "spawn_faults.h"
#include "support.h"

namespace heddle::test {
namespace {

using platform::SpawnFault;

constexpr heddle_thread_options_t kJoinable = {
    .name = nullptr, .stack_bytes = 0, .joinable = true, .daemon = false};

void nothing(void*) {}

void wait_for_event(void* event) { static_cast<Event*>(event)->wait(kNever, Interruptible::no); }

// Lets idle carriers end, so that the next thread needs a new one.
void cool_down() {
    heddle_thread_warm(0);
    wait_until([] { return carrier_counts().idle == 0 && carrier_counts().starting == 0; },
               "no carrier is idle");
}

class ThreadTest : public ::testing::Test {
    void TearDown() override {
        platform::set_spawn_fault(SpawnFault::none, 0);
        set_carrier_start_limit(HEDDLE_CARRIER_START_LIMIT_NS);
        heddle_thread_set_limit(kDefaultThreadLimit);
        heddle_thread_set_stack_size(0);
        heddle_thread_warm(kDefaultWarmCarriers);
    }
};

TEST_F(ThreadTest, TheMainThreadIsAttached) {
    EXPECT_TRUE(heddle_thread_is_main());
    EXPECT_EQ(heddle_thread_native_id(), kMainNativeId);
    EXPECT_NE(heddle_thread_self(), 0U);
}

TEST_F(ThreadTest, RunsAndIsJoinedOnce) {
    struct Seen {
        heddle_ident_t ident = 0;
        uint32_t native_id = 0;
    } seen;
    heddle_ident_t ident = 0;
    ASSERT_EQ(heddle_thread_start(
                  [](void* arg) {
                      *static_cast<Seen*>(arg) = {heddle_thread_self(), heddle_thread_native_id()};
                      EXPECT_FALSE(heddle_thread_is_main());
                  },
                  &seen, &kJoinable, &ident),
              0);
    EXPECT_EQ(heddle_thread_join(ident, HEDDLE_FOREVER, true), 0);
    EXPECT_EQ(seen.ident, ident);
    EXPECT_GT(seen.native_id, kMainNativeId);
    EXPECT_EQ(heddle_thread_join(ident, 0, false), ESRCH);
    EXPECT_EQ(heddle_thread_detach(ident), ESRCH);
}

TEST_F(ThreadTest, JoinTimesOutAndRefusesItselfAndStrangers) {
    Event end;
    Thread thread([&] { end.wait(kNever, Interruptible::no); });
    EXPECT_EQ(heddle_thread_join(thread.ident(), 0, false), ETIMEDOUT);
    EXPECT_EQ(heddle_thread_join(thread.ident(), 2 * kMillisecond, true), ETIMEDOUT);
    EXPECT_EQ(heddle_thread_join(heddle_thread_self(), HEDDLE_FOREVER, false), EDEADLK);
    EXPECT_EQ(heddle_thread_join(0, 0, false), ESRCH);
    EXPECT_EQ(heddle_thread_join(0x7fffffff, 0, false), ESRCH);
    end.set();
}

TEST_F(ThreadTest, OneOfManyJoinersSucceeds) {
    for (uint32_t round = 0; round < scaled(200); round++) {
        Event end;
        heddle_ident_t ident = 0;
        ASSERT_EQ(heddle_thread_start(wait_for_event, &end, &kJoinable, &ident), 0);
        std::atomic<uint32_t> joined{0};
        run_threads(4, [&](uint32_t index) {
            if (index == 0) {
                end.set();
                return;
            }
            const int error = heddle_thread_join(ident, HEDDLE_FOREVER, false);
            EXPECT_TRUE(error == 0 || error == ESRCH) << error;
            joined += error == 0 ? 1 : 0;
        });
        EXPECT_EQ(joined, 1U);
    }
}

TEST_F(ThreadTest, DetachedThreadsLeaveByThemselves) {
    Event end;
    heddle_ident_t ident = 0;
    ASSERT_EQ(heddle_thread_start(wait_for_event, &end, &kJoinable, &ident), 0);
    EXPECT_EQ(heddle_thread_detach(ident), 0);
    EXPECT_EQ(heddle_thread_join(ident, 0, false), ESRCH);
    end.set();
    wait_until([] { return thread_records_in_use() == 1; }, "it has left");
    ASSERT_EQ(heddle_thread_start(nothing, nullptr, nullptr, nullptr), 0);
}

TEST_F(ThreadTest, ADetachOfAnEndedThreadFreesItsRecord) {
    heddle_ident_t ident = 0;
    ASSERT_EQ(heddle_thread_start(nothing, nullptr, &kJoinable, &ident), 0);
    wait_until([&] { return snapshot_of(ident).find("\"ended\"") != std::string::npos; },
               "it ends");
    EXPECT_EQ(heddle_thread_count(), 1U);
    EXPECT_EQ(heddle_thread_detach(ident), 0);
    EXPECT_EQ(thread_records_in_use(), 1U);
}

TEST_F(ThreadTest, ExitEndsTheThreadFromWithin) {
    static std::atomic<uint32_t> reached{0};
    reached = 0;
    for (int i = 0; i < 10; i++) {
        heddle_ident_t ident = 0;
        ASSERT_EQ(heddle_thread_start(
                      [](void*) {
                          reached++;
                          heddle_thread_exit();
                      },
                      nullptr, &kJoinable, &ident),
                  0);
        EXPECT_EQ(heddle_thread_join(ident, HEDDLE_FOREVER, false), 0);
    }
    EXPECT_EQ(reached, 10U);
}

TEST_F(ThreadTest, ForeignThreadsAreAttachedOnFirstUseAndDetachedAtTheirEnd) {
    Lock lock;
    std::thread([&] {
        EXPECT_FALSE(heddle_thread_is_main());
        lock.lock();
        EXPECT_EQ(heddle_thread_count(), 2U);
        EXPECT_EQ(lock.owner(), heddle_thread_self());
        lock.unlock();
    }).join();
    std::thread([] {
        heddle_thread_set_name("foreign");
        heddle_thread_exit();
    }).join();
    wait_until([] { return thread_records_in_use() == 1; }, "it is detached");
}

TEST_F(ThreadTest, SixtyFourAreAliveAtOnce) {
    Event end;
    std::set<heddle_ident_t> idents;
    std::vector<Thread> threads;
    for (int i = 0; i < 64; i++) {
        threads.emplace_back([&] { end.wait(kNever, Interruptible::no); });
        idents.insert(threads.back().ident());
    }
    EXPECT_EQ(idents.size(), 64U);
    EXPECT_EQ(heddle_thread_count(), 65U);
    end.set();
}

TEST_F(ThreadTest, AThousandInSequenceReuseFewCarriers) {
    cool_down();
    heddle_thread_warm(kDefaultWarmCarriers);
    std::set<std::thread::id> carriers;  // by the thread that runs; ordered by the joins
    for (int i = 0; i < 1000; i++) {
        Thread([&] { carriers.insert(std::this_thread::get_id()); }).join();
    }
    EXPECT_LE(carriers.size(), size_t{kDefaultWarmCarriers} + 2);
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

TEST_F(ThreadTest, TheLimitIsAnErrorAtOnce) {
    heddle_thread_set_limit(3);
    Event end;
    std::vector<Thread> threads;
    for (int i = 0; i < 3; i++) {
        threads.emplace_back([&] { end.wait(kNever, Interruptible::no); });
    }
    heddle_ident_t ident = 1;
    EXPECT_EQ(heddle_thread_start(nothing, nullptr, nullptr, &ident), EAGAIN);
    EXPECT_EQ(ident, 0U);
    end.set();
    threads.clear();
    Thread([] {}).join();
}

TEST_F(ThreadTest, StackSizesAreCheckedRoundedAndHeld) {
    EXPECT_EQ(heddle_thread_set_stack_size(HEDDLE_STACK_MIN - 1), EINVAL);
    EXPECT_EQ(heddle_thread_stack_size(), kDefaultStackBytes);
    EXPECT_EQ(heddle_thread_set_stack_size(200'000), 0);
    EXPECT_EQ(heddle_thread_stack_size(), 200'000U);
    Thread thread([] {
        EXPECT_GE(heddle_thread_own_stack_bytes(), 200'000U);
        EXPECT_NE(snapshot_of(heddle_thread_self()).find("\"stackBytes\":200704"),
                  std::string::npos);
    });
    thread.join();
    EXPECT_EQ(heddle_thread_set_stack_size(0), 0);
    EXPECT_EQ(heddle_thread_stack_size(), kDefaultStackBytes);
    const heddle_thread_options_t small = {
        .name = nullptr, .stack_bytes = 100, .joinable = false, .daemon = false};
    EXPECT_EQ(heddle_thread_start(nothing, nullptr, &small, nullptr), EINVAL);
    const heddle_thread_options_t huge = {
        .name = nullptr, .stack_bytes = SIZE_MAX, .joinable = false, .daemon = false};
    EXPECT_EQ(heddle_thread_start(nothing, nullptr, &huge, nullptr), EAGAIN);
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

struct ChurnStress {
    const char* name;
    uint32_t starters;
    uint32_t threads;  // of each starter
    uint32_t warm;
    uint32_t seed;
};

class ChurnTest : public ThreadTest, public ::testing::WithParamInterface<ChurnStress> {};

// Hammers the pool: starts from many threads, joins and detaches, limits, warm counts that change.
TEST_P(ChurnTest, EveryThreadThatStartedRuns) {
    const ChurnStress& params = GetParam();
    std::atomic<uint32_t> started{0};
    static std::atomic<uint32_t> ran{0};
    ran = 0;
    heddle_thread_set_limit(params.starters * 3);
    run_threads(params.starters, [&](uint32_t index) {
        Random random(params.seed + index);
        for (uint32_t i = 0; i < scaled(params.threads); i++) {
            if (random.below(10) == 0) heddle_thread_warm(random.below(params.warm + 1));
            const heddle_thread_options_t options = {
                .name = "churn",
                .stack_bytes = random.below(4) == 0 ? size_t{131072} : 0,
                .joinable = random.below(4) != 0,
                .daemon = false};
            heddle_ident_t ident = 0;
            const int error = heddle_thread_start([](void*) { ran++; }, nullptr, &options, &ident);
            EXPECT_TRUE(error == 0 || error == EAGAIN) << error;
            if (error != 0) continue;
            started++;
            if (!options.joinable) continue;
            if (random.below(3) == 0) {
                EXPECT_EQ(heddle_thread_detach(ident), 0);
            } else {
                EXPECT_EQ(heddle_thread_join(ident, HEDDLE_FOREVER, false), 0);
            }
        }
    });
    wait_until([] { return thread_records_in_use() == 1; }, "all have ended");
    EXPECT_EQ(ran, started);
    EXPECT_GT(started, 0U);
}

INSTANTIATE_TEST_SUITE_P(Table, ChurnTest,
                         ::testing::Values(ChurnStress{"OneStarter", 1, 1'000, 4, 1},
                                           ChurnStress{"ManyStarters", 6, 400, 4, 2},
                                           ChurnStress{"ManyStartersNothingWarm", 6, 200, 0, 3}),
                         name_of<ChurnStress>);

}  // namespace
}  // namespace heddle::test

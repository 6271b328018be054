// Tests of threads: start, join, detach, exit, limits, stack sizes.
// SPDX-License-Identifier: MIT
#include "heddle/thread.h"

#include <cerrno>
#include <set>
#include <thread>

#include "heddle/lock.h"
#include "threads/thread_test.h"

namespace heddle::test {
namespace {

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

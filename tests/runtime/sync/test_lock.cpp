// Tests of Lock: states, timeouts, mutual exclusion under stress, fairness, the C interface.
// SPDX-License-Identifier: MIT
#include "heddle/lock.h"

#include <cerrno>
#include <mutex>

#include "heddle/parking_lot.h"
#include "support.h"

namespace heddle::test {
namespace {

TEST(Lock, IsFreeHeldAndFreeAgain) {
    Lock lock;
    EXPECT_FALSE(lock.is_held());
    EXPECT_TRUE(lock.try_lock());
    EXPECT_TRUE(lock.is_held());
    EXPECT_EQ(lock.owner(), heddle_thread_self());
    EXPECT_FALSE(lock.try_lock());
    EXPECT_TRUE(lock.release());
    EXPECT_EQ(lock.word(), Lock::kFree);
}

TEST(Lock, RefusesToReleaseWhatIsNotHeld) {
    Lock lock;
    EXPECT_FALSE(lock.release());
    heddle_lock_t c_lock = {};
    EXPECT_EQ(heddle_lock_release(&c_lock), EPERM);
    EXPECT_EQ(c_lock.word, 0U);
}

TEST(Lock, WorksWithStandardGuards) {
    Lock lock;
    {
        const std::scoped_lock guard(lock);
        EXPECT_TRUE(lock.is_held());
    }
    EXPECT_FALSE(lock.is_held());
}

TEST(Lock, TimesOutWhileHeldAndNotMuchLater) {
    Lock lock;
    lock.lock();
    Thread other([&] {
        EXPECT_EQ(lock.acquire(0, Interruptible::no), WaitResult::timed_out);
        for (const int64_t timeout : {1 * kMillisecond, 30 * kMillisecond}) {
            const int64_t start = now_ns();
            EXPECT_EQ(lock.acquire(deadline_after(timeout), Interruptible::yes),
                      WaitResult::timed_out);
            EXPECT_GE(now_ns() - start, timeout);
            EXPECT_LT(now_ns() - start, timeout + kLateNs);
        }
    });
    other.join();
    EXPECT_TRUE(lock.release());
    EXPECT_EQ(lock.word(), Lock::kFree);
}

TEST(Lock, AnyThreadMayReleaseIt) {
    Lock lock;
    lock.lock();
    Thread other([&] { EXPECT_TRUE(lock.release()); });
    lock.lock();
    EXPECT_TRUE(lock.release());
}

TEST(Lock, OnlyOneOfManyConcurrentReleasesSucceeds) {
    Lock lock;
    for (uint32_t round = 0; round < scaled(400); round++) {
        lock.lock();
        std::atomic<uint32_t> released{0};
        std::atomic<bool> acquired{false};
        Thread waiter([&] {
            lock.lock();  // parks or not, so that both ways of releasing are met
            acquired = true;
        });
        if (round % 2 == 0) wait_until_waiting(waiter.ident(), "lock");
        run_threads(3, [&](uint32_t) { released += lock.release() ? 1 : 0; });
        waiter.join();
        EXPECT_TRUE(acquired);
        // One for our acquisition, and one more if somebody released the waiter's.
        EXPECT_EQ(released + (lock.release() ? 1 : 0), 2U);
        EXPECT_FALSE(lock.is_held());
    }
}

TEST(Lock, CInterfaceAcquiresAndTimesOut) {
    heddle_lock_t lock = {};
    EXPECT_EQ(heddle_lock_acquire(&lock, HEDDLE_FOREVER, true), HEDDLE_ACQUIRED);
    EXPECT_TRUE(heddle_lock_is_held(&lock));
    EXPECT_EQ(lock.owner, heddle_thread_self());
    EXPECT_EQ(heddle_lock_acquire(&lock, 0, true), HEDDLE_TIMED_OUT);
    EXPECT_EQ(heddle_lock_acquire(&lock, kMillisecond, false), HEDDLE_TIMED_OUT);
    EXPECT_EQ(heddle_lock_release(&lock), 0);
    EXPECT_FALSE(heddle_lock_is_held(&lock));
}

// A thread that re-acquires at once would keep the lock from a waiter forever without hand-offs.
TEST(Lock, AGreedyThreadCannotStarveAWaiter) {
    Lock lock;
    std::atomic<bool> stop{false};
    Thread greedy([&] {
        while (!stop) {
            lock.lock();
            work(100'000);
            lock.unlock();
        }
    });
    Thread waiter([&] {
        for (int i = 0; i < 20; i++) {
            EXPECT_EQ(lock.acquire(deadline_after(20 * kSecond), Interruptible::no),
                      WaitResult::acquired);
            lock.unlock();
            heddle_sleep(kMillisecond, false);
        }
        stop = true;
    });
    waiter.join();
    greedy.join();
    EXPECT_EQ(lock.word(), Lock::kFree);
}

struct LockStress {
    const char* name;
    uint32_t threads;
    uint32_t iterations;  // of all threads together
    uint32_t section;     // steps
    uint32_t seed;
};

class LockStressTest : public ::testing::TestWithParam<LockStress> {};

// Hammers mutual exclusion: an unprotected counter, waits that give up, and parking.
TEST_P(LockStressTest, ExcludesAllOthers) {
    const LockStress& params = GetParam();
    const uint32_t iterations = scaled(params.iterations) / params.threads;
    Lock lock;
    uint64_t counter = 0;  // under `lock`
    std::atomic<uint64_t> acquired{0};
    run_threads(params.threads, [&](uint32_t index) {
        Random random(params.seed + index);
        for (uint32_t i = 0; i < iterations; i++) {
            const bool give_up = random.below(8) == 0;
            const Deadline deadline = give_up ? deadline_after(random.below(200'000)) : kNever;
            if (lock.acquire(deadline, Interruptible::yes) != WaitResult::acquired) {
                EXPECT_TRUE(give_up);
                continue;
            }
            counter++;
            work(params.section);
            acquired.fetch_add(1, std::memory_order_relaxed);
            EXPECT_TRUE(lock.release());
        }
    });
    EXPECT_EQ(counter, acquired);
    EXPECT_EQ(ParkingLot::count_waiters(&lock), 0U);
    // A waiter that gave up may leave kParked behind (L4); the next release clears it.
    lock.lock();
    lock.unlock();
    EXPECT_EQ(lock.word(), Lock::kFree);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LockStressTest,
    ::testing::Values(LockStress{"UncontendedShortSection", 1, 400'000, 1, 1},
                      LockStress{"ContendedShortSection", 2, 400'000, 1, 2},
                      LockStress{"ContendedLongSection", 4, 40'000, 2'000, 3},
                      LockStress{"ManyContendedShortSections", 16, 200'000, 1, 4},
                      LockStress{"ManyContendedLongSections", 32, 20'000, 5'000, 5}),
    name_of<LockStress>);

}  // namespace
}  // namespace heddle::test

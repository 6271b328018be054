// Tests of RLock: ownership, counts, save and restore.
// SPDX-License-Identifier: MIT
#include "heddle/rlock.h"

#include <mutex>

#include "support.h"

namespace heddle::test {
namespace {

TEST(RLock, CountsItsOwnersAcquisitions) {
    RLock lock;
    EXPECT_FALSE(lock.is_owned());
    for (uint32_t i = 1; i <= 3; i++) {
        EXPECT_EQ(lock.acquire(kNever, Interruptible::yes), WaitResult::acquired);
        EXPECT_EQ(lock.count(), i);
    }
    EXPECT_TRUE(lock.is_owned());
    EXPECT_EQ(lock.owner(), heddle_thread_self());
    for (int i = 0; i < 3; i++) EXPECT_TRUE(lock.release());
    EXPECT_FALSE(lock.release());
    EXPECT_FALSE(lock.is_held());
    EXPECT_EQ(lock.owner(), 0U);
}

TEST(RLock, RefusesOthersReleaseAndTimesThemOut) {
    RLock lock;
    const std::scoped_lock guard(lock);
    Thread other([&] {
        EXPECT_FALSE(lock.is_owned());
        EXPECT_FALSE(lock.release());
        EXPECT_EQ(lock.save(), 0U);
        EXPECT_FALSE(lock.try_lock());
        EXPECT_EQ(lock.acquire(deadline_after(kMillisecond), Interruptible::no),
                  WaitResult::timed_out);
    });
    other.join();
    EXPECT_TRUE(lock.is_owned());
}

TEST(RLock, SaveGivesUpAllAndRestoreBringsThemBack) {
    RLock lock;
    lock.lock();
    lock.lock();
    const uint32_t count = lock.save();
    EXPECT_EQ(count, 2U);
    Thread other([&] {
        EXPECT_TRUE(lock.try_lock());
        EXPECT_TRUE(lock.release());
    });
    other.join();
    lock.restore(count);
    EXPECT_EQ(lock.count(), 2U);
    EXPECT_TRUE(lock.release());
    EXPECT_TRUE(lock.release());
    EXPECT_FALSE(lock.is_held());
}

// Hammers the race between a releasing owner and threads that ask whether they own the lock.
TEST(RLock, ExcludesAllOthersAtEveryDepth) {
    RLock lock;
    uint64_t counter = 0;  // under `lock`
    constexpr uint32_t kThreads = 8;
    const uint32_t iterations = scaled(20'000);
    run_threads(kThreads, [&](uint32_t index) {
        Random random(index + 1);
        for (uint32_t i = 0; i < iterations; i++) {
            EXPECT_FALSE(lock.is_owned());
            const uint32_t depth = 1 + random.below(3);
            for (uint32_t d = 0; d < depth; d++) lock.lock();
            counter++;
            for (uint32_t d = 0; d < depth; d++) EXPECT_TRUE(lock.release());
        }
    });
    EXPECT_EQ(counter, uint64_t{kThreads} * iterations);
    EXPECT_FALSE(lock.is_held());
    EXPECT_EQ(lock.count(), 0U);
}

}  // namespace
}  // namespace heddle::test

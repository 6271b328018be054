// Tests of Semaphore: counts, timeouts, no lost and no doubled permits.
// SPDX-License-Identifier: MIT
#include "heddle/semaphore.h"

#include "heddle/parking_lot.h"
#include "support.h"

namespace heddle::test {
namespace {

TEST(Semaphore, CountsDownAndTimesOutAtZero) {
    Semaphore semaphore(2);
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_EQ(semaphore.acquire(0, Interruptible::no), WaitResult::acquired);
    EXPECT_FALSE(semaphore.try_acquire());
    EXPECT_EQ(semaphore.acquire(deadline_after(kMillisecond), Interruptible::no),
              WaitResult::timed_out);
    EXPECT_TRUE(semaphore.release(3));
    EXPECT_EQ(semaphore.count(), 3U);
}

TEST(Semaphore, RefusesToOverflow) {
    Semaphore semaphore(Semaphore::kMaxCount);
    EXPECT_FALSE(semaphore.release());
    EXPECT_EQ(semaphore.count(), Semaphore::kMaxCount);
}

TEST(Semaphore, ReleaseOfManyWakesAsMany) {
    Semaphore semaphore;
    std::atomic<uint32_t> through{0};
    std::vector<Thread> threads;
    for (int i = 0; i < 6; i++) {
        threads.emplace_back([&] {
            EXPECT_EQ(semaphore.acquire(kNever, Interruptible::no), WaitResult::acquired);
            through++;
        });
    }
    wait_until([&] { return ParkingLot::count_waiters(&semaphore) == 6; }, "6 wait");
    semaphore.release(4);
    wait_until([&] { return through == 4; }, "4 are through");
    EXPECT_EQ(semaphore.count(), 0U);
    semaphore.release(2);
    threads.clear();
    EXPECT_EQ(semaphore.count(), 0U);
}

struct SemaphoreStress {
    const char* name;
    uint32_t producers;
    uint32_t consumers;
    uint32_t permits;  // of each producer
    uint32_t seed;
};

class SemaphoreStressTest : public ::testing::TestWithParam<SemaphoreStress> {};

// Hammers the race between a release and waiters that give up: each permit is taken exactly once.
TEST_P(SemaphoreStressTest, GivesEachPermitOnce) {
    const SemaphoreStress& params = GetParam();
    const uint32_t total = params.producers * scaled(params.permits);
    Semaphore semaphore;
    std::atomic<uint32_t> taken{0};
    run_threads(params.producers + params.consumers, [&](uint32_t index) {
        Random random(params.seed + index);
        if (index < params.producers) {
            for (uint32_t left = scaled(params.permits); left > 0;) {
                const uint32_t n = std::min(left, 1 + random.below(3));
                EXPECT_TRUE(semaphore.release(n));
                left -= n;
                if (random.below(16) == 0) heddle_sleep(random.below(100'000), false);
            }
            return;
        }
        while (taken < total) {
            const Deadline deadline = deadline_after(random.below(1'000'000));
            if (semaphore.acquire(deadline, Interruptible::yes) == WaitResult::acquired) taken++;
        }
    });
    EXPECT_EQ(taken, total);
    EXPECT_EQ(semaphore.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Table, SemaphoreStressTest,
                         ::testing::Values(SemaphoreStress{"OneToOne", 1, 1, 20'000, 1},
                                           SemaphoreStress{"OneToMany", 1, 8, 20'000, 2},
                                           SemaphoreStress{"ManyToOne", 8, 1, 4'000, 3},
                                           SemaphoreStress{"ManyToMany", 6, 6, 4'000, 4}),
                         name_of<SemaphoreStress>);

}  // namespace
}  // namespace heddle::test

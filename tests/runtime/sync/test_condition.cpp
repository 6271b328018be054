// Tests of Condition: notifications, timeouts, and that nothing is lost between the two.
// SPDX-License-Identifier: MIT
#include "heddle/condition.h"

#include <deque>
#include <mutex>

#include "heddle/parking_lot.h"
#include "support.h"

namespace heddle::test {
namespace {

TEST(Condition, TimesOutAndHoldsTheLockAgain) {
    Lock lock;
    Condition condition;
    const std::scoped_lock guard(lock);
    EXPECT_EQ(condition.wait(lock, deadline_after(5 * kMillisecond), Interruptible::no),
              WaitResult::timed_out);
    EXPECT_TRUE(lock.is_held());
    EXPECT_EQ(lock.owner(), heddle_thread_self());
}

TEST(Condition, NotifyWithoutWaitersDoesNothing) {
    Lock lock;
    Condition condition;
    condition.notify_one();
    condition.notify_all();
    const std::scoped_lock guard(lock);
    EXPECT_EQ(condition.wait(lock, deadline_after(kMillisecond), Interruptible::no),
              WaitResult::timed_out);
}

TEST(Condition, NotifyOneWakesOneAndNotifyAllTheRest) {
    Lock lock;
    Condition condition;
    std::atomic<uint32_t> woken{0};
    std::vector<Thread> threads;
    for (int i = 0; i < 5; i++) {
        threads.emplace_back([&] {
            const std::scoped_lock guard(lock);
            EXPECT_EQ(condition.wait(lock, kNever, Interruptible::no), WaitResult::acquired);
            woken++;
        });
    }
    wait_until([&] { return ParkingLot::count_waiters(&condition) == 5; }, "5 wait");
    condition.notify_one();
    wait_until([&] { return woken == 1; }, "1 is woken");
    EXPECT_EQ(ParkingLot::count_waiters(&condition), 4U);
    condition.notify_all();
    threads.clear();
    EXPECT_EQ(woken, 5U);
}

TEST(Condition, GivesBackARecursiveLockAsDeepAsItWas) {
    RLock lock;
    Condition condition;
    lock.lock();
    lock.lock();
    Thread other([&] {
        const std::scoped_lock guard(lock);
        condition.notify_one();
    });
    EXPECT_EQ(condition.wait(lock, kNever, Interruptible::no), WaitResult::acquired);
    EXPECT_EQ(lock.count(), 2U);
    lock.unlock();
    lock.unlock();
}

struct QueueStress {
    const char* name;
    uint32_t producers;
    uint32_t consumers;
    uint32_t items;  // of each producer
    uint32_t capacity;
    bool timed;
};

class ConditionStressTest : public ::testing::TestWithParam<QueueStress> {};

// Hammers notifications against timeouts in a bounded queue: a lost one leaves somebody waiting.
TEST_P(ConditionStressTest, ABoundedQueueDeliversEachItemOnce) {
    const QueueStress& params = GetParam();
    const uint32_t items = scaled(params.items);
    const uint64_t total = uint64_t{params.producers} * items;
    Lock lock;
    Condition not_empty;
    Condition not_full;
    std::deque<uint32_t> queue;  // under `lock`
    uint64_t received = 0;       // under `lock`
    uint64_t sum = 0;            // under `lock`
    run_threads(params.producers + params.consumers, [&](uint32_t index) {
        Random random(index + 1);
        const auto wait = [&](Condition& condition) {
            const Deadline deadline = params.timed ? deadline_after(random.below(300'000)) : kNever;
            (void)condition.wait(lock, deadline, Interruptible::no);
        };
        if (index < params.producers) {
            for (uint32_t i = 1; i <= items; i++) {
                const std::scoped_lock guard(lock);
                while (queue.size() >= params.capacity) wait(not_full);
                queue.push_back(i);
                not_empty.notify_one();
            }
            return;
        }
        for (;;) {
            const std::scoped_lock guard(lock);
            while (queue.empty() && received < total) wait(not_empty);
            if (received == total) return;
            sum += queue.front();
            queue.pop_front();
            received++;
            not_full.notify_one();
            if (received == total) not_empty.notify_all();
        }
    });
    EXPECT_EQ(received, total);
    EXPECT_EQ(sum, uint64_t{params.producers} * items * (items + 1) / 2);
    EXPECT_FALSE(lock.is_held());
}

INSTANTIATE_TEST_SUITE_P(Table, ConditionStressTest,
                         ::testing::Values(QueueStress{"OneToOne", 1, 1, 20'000, 1, false},
                                           QueueStress{"OneToOneTimed", 1, 1, 10'000, 1, true},
                                           QueueStress{"ManyToMany", 6, 6, 3'000, 2, false},
                                           QueueStress{"ManyToManyTimed", 6, 6, 2'000, 2, true}),
                         name_of<QueueStress>);

}  // namespace
}  // namespace heddle::test

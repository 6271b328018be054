// Tests of interrupts: no interrupt, no hand-off and no permit is lost, whatever the main thread
// waits for. SPDX-License-Identifier: MIT
#include <cerrno>
#include <mutex>

#include "heddle/condition.h"
#include "heddle/event.h"
#include "heddle/lock.h"
#include "heddle/parking_lot.h"
#include "heddle/rlock.h"
#include "heddle/semaphore.h"
#include "support.h"

namespace heddle::test {
namespace {

TEST(Interrupt, StaysForTheNextInterruptibleWait) {
    heddle_main_thread_interrupt();
    heddle_main_thread_interrupt();
    EXPECT_EQ(heddle_sleep(kMillisecond, false), HEDDLE_TIMED_OUT);
    EXPECT_EQ(heddle_sleep(HEDDLE_FOREVER, true), HEDDLE_INTERRUPTED);
    EXPECT_EQ(heddle_sleep(kMillisecond, true), HEDDLE_TIMED_OUT);
}

TEST(Interrupt, CanBeTakenBack) {
    EXPECT_FALSE(heddle_main_thread_take_interrupt());
    heddle_main_thread_interrupt();
    EXPECT_TRUE(heddle_main_thread_take_interrupt());
    EXPECT_FALSE(heddle_main_thread_take_interrupt());
    EXPECT_EQ(heddle_sleep(kMillisecond, true), HEDDLE_TIMED_OUT);
}

TEST(Interrupt, DoesNotKeepAFreeLockFromBeingAcquired) {
    Lock lock;
    heddle_main_thread_interrupt();
    EXPECT_EQ(lock.acquire(kNever, Interruptible::yes), WaitResult::acquired);
    EXPECT_TRUE(heddle_main_thread_take_interrupt());
    lock.unlock();
}

TEST(Interrupt, ConcernsTheMainThreadOnly) {
    heddle_main_thread_interrupt();
    Thread other([] {
        EXPECT_EQ(heddle_sleep(5 * kMillisecond, true), HEDDLE_TIMED_OUT);
        EXPECT_FALSE(heddle_main_thread_take_interrupt());
    });
    other.join();
    EXPECT_TRUE(heddle_main_thread_take_interrupt());
}

TEST(Interrupt, EndsAConditionWaitWithTheLockHeld) {
    Lock lock;
    Condition condition;
    for (int i = 0; i < 2; i++) {
        const std::scoped_lock guard(lock);
        if (i == 0) heddle_main_thread_interrupt();  // before the wait, then during it
        Thread poster([i] {
            if (i == 0) return;
            heddle_sleep(5 * kMillisecond, false);
            heddle_main_thread_interrupt();
        });
        EXPECT_EQ(condition.wait(lock, kNever, Interruptible::yes), WaitResult::interrupted);
        EXPECT_TRUE(lock.is_held());
    }
}

TEST(Interrupt, EndsAJoin) {
    Event end;
    Thread thread([&] { end.wait(kNever, Interruptible::no); });
    Thread poster([] {
        heddle_sleep(5 * kMillisecond, false);
        heddle_main_thread_interrupt();
    });
    EXPECT_EQ(heddle_thread_join(thread.ident(), HEDDLE_FOREVER, true), EINTR);
    end.set();
}

// What the main thread waits in; each returns true when it was interrupted.
struct WaitCase {
    const char* name;
    bool (*wait)();
};

Lock g_held_lock;
RLock g_held_rlock;
Semaphore g_empty;
Event g_never;
Lock g_condition_lock;
Condition g_condition;
heddle_ident_t g_sleeper = 0;

bool wait_in_lock() {
    return g_held_lock.acquire(kNever, Interruptible::yes) == WaitResult::interrupted;
}
bool wait_in_timed_lock() {
    return g_held_lock.acquire(deadline_after(100 * kSecond), Interruptible::yes) ==
           WaitResult::interrupted;
}
bool wait_in_rlock() {
    return g_held_rlock.acquire(kNever, Interruptible::yes) == WaitResult::interrupted;
}
bool wait_in_semaphore() {
    return g_empty.acquire(kNever, Interruptible::yes) == WaitResult::interrupted;
}
bool wait_in_event() { return g_never.wait(kNever, Interruptible::yes) == WaitResult::interrupted; }
bool wait_in_condition() {
    const std::scoped_lock guard(g_condition_lock);
    return g_condition.wait(g_condition_lock, kNever, Interruptible::yes) ==
           WaitResult::interrupted;
}
bool wait_in_sleep() { return heddle_sleep(HEDDLE_FOREVER, true) == HEDDLE_INTERRUPTED; }
bool wait_in_join() { return heddle_thread_join(g_sleeper, HEDDLE_FOREVER, true) == EINTR; }

class InterruptEveryWaitTest : public ::testing::TestWithParam<WaitCase> {};

// Hammers the window between the main thread's last check and its sleep: one lost interrupt hangs.
TEST_P(InterruptEveryWaitTest, LosesNone) {
    const uint32_t rounds = scaled(20'000);
    Event end;
    Event held;
    Thread holder([&] {
        g_held_lock.lock();
        g_held_rlock.lock();
        held.set();
        end.wait(kNever, Interruptible::no);
        g_held_rlock.unlock();
        g_held_lock.unlock();
    });
    held.wait(kNever, Interruptible::no);
    g_sleeper = holder.ident();

    std::atomic<uint32_t> seen{0};
    Thread poster([&] {
        Random random(7);
        for (uint32_t i = 0; i < rounds; i++) {
            work(random.below(3'000));
            heddle_main_thread_interrupt();
            while (seen.load() == i) work(10);  // each interrupt ends exactly one wait
        }
    });
    for (uint32_t i = 0; i < rounds; i++) {
        EXPECT_TRUE(GetParam().wait());
        seen++;
    }
    poster.join();
    EXPECT_FALSE(heddle_main_thread_take_interrupt());
    end.set();
}

INSTANTIATE_TEST_SUITE_P(Table, InterruptEveryWaitTest,
                         ::testing::Values(WaitCase{"InLock", wait_in_lock},
                                           WaitCase{"InTimedLock", wait_in_timed_lock},
                                           WaitCase{"InRLock", wait_in_rlock},
                                           WaitCase{"InSemaphore", wait_in_semaphore},
                                           WaitCase{"InEvent", wait_in_event},
                                           WaitCase{"InCondition", wait_in_condition},
                                           WaitCase{"InSleep", wait_in_sleep},
                                           WaitCase{"InJoin", wait_in_join}),
                         name_of<WaitCase>);

// Interrupts against hand-offs and wake-ups: a lock given to a thread that says "interrupted" would
// stay held forever.
TEST(Interrupt, NeverLosesALockThatWasHandedOver) {
    Lock lock;
    uint64_t counter = 0;  // under `lock`
    uint64_t acquired = 0;
    uint32_t interrupted = 0;
    std::atomic<bool> stop{false};
    std::atomic<uint64_t> others{0};
    {
        std::vector<Thread> threads;
        for (int i = 0; i < 2; i++) {
            threads.emplace_back([&] {
                while (!stop) {
                    lock.lock();
                    counter++;
                    others++;
                    work(2'000);
                    EXPECT_TRUE(lock.release());
                }
            });
        }
        threads.emplace_back([&] {
            Random random(11);
            while (!stop) {
                heddle_main_thread_interrupt();
                work(random.below(20'000));
            }
        });
        const Deadline deadline = deadline_after((kSanitized ? 1500 : 800) * kMillisecond);
        const Deadline last = deadline_after(20 * kSecond);  // until both have been met
        while (!is_over(deadline) || ((acquired == 0 || interrupted == 0) && !is_over(last))) {
            const WaitResult result =
                lock.acquire(deadline_after(kMillisecond), Interruptible::yes);
            if (result == WaitResult::interrupted) interrupted++;
            if (result != WaitResult::acquired) continue;
            counter++;
            acquired++;
            EXPECT_TRUE(lock.release());
        }
        stop = true;
    }
    EXPECT_EQ(counter, acquired + others);
    EXPECT_GT(acquired, 0U);
    EXPECT_GT(interrupted, 0U);
    EXPECT_FALSE(lock.is_held());
}

// The same for a semaphore's permits and a condition's notifications.
TEST(Interrupt, NeverLosesAPermit) {
    const uint32_t permits = scaled(20'000);
    Semaphore semaphore;
    std::atomic<bool> stop{false};
    Thread interrupter([&] {
        Random random(13);
        while (!stop) {
            heddle_main_thread_interrupt();
            work(random.below(5'000));
        }
    });
    Thread producer([&] {
        Random random(17);
        for (uint32_t i = 0; i < permits; i++) {
            semaphore.release();
            work(random.below(2'000));
        }
    });
    for (uint32_t taken = 0; taken < permits;) {
        if (semaphore.acquire(kNever, Interruptible::yes) == WaitResult::acquired) taken++;
    }
    stop = true;
    EXPECT_EQ(semaphore.count(), 0U);
}

TEST(Interrupt, NeverTakesANotificationAway) {
    const uint32_t rounds = scaled(4'000);
    Lock lock;
    Condition condition;
    uint32_t notified = 0;  // waits that ended so; under `lock`
    std::atomic<uint32_t> sent{0};
    std::atomic<bool> stop{false};
    Thread interrupter([&] {
        while (!stop) {
            heddle_main_thread_interrupt();
            work(3'000);
        }
    });
    const auto wait_often = [&](Interruptible interruptible) {
        while (!stop) {
            const std::scoped_lock guard(lock);
            if (condition.wait(lock, deadline_after(50 * kMillisecond), interruptible) ==
                WaitResult::acquired) {
                notified++;
            }
        }
    };
    Thread waiter([&] { wait_often(Interruptible::no); });
    Thread notifier([&] {
        while (sent < rounds) {
            const std::scoped_lock guard(lock);
            if (ParkingLot::count_waiters(&condition) == 0) continue;
            // Counted under the lock and before it is sent: whoever is notified waits for the lock.
            const uint32_t before = ParkingLot::count_waiters(&condition);
            condition.notify_one();
            if (ParkingLot::count_waiters(&condition) < before) sent++;
        }
        stop = true;
    });
    wait_often(Interruptible::yes);
    notifier.join();
    waiter.join();
    // A waiter may leave by interrupt or timeout between the counts, so `sent` is an upper bound;
    // but a notification that was really sent was never reported as something else.
    EXPECT_LE(notified, sent);
    EXPECT_GT(notified, 0U);
}

}  // namespace
}  // namespace heddle::test

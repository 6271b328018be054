// Tests of the parking lot: tokens, order, validation, hooks, nesting.
// SPDX-License-Identifier: MIT
#include "heddle/parking_lot.h"

#include "heddle/lock.h"
#include "support.h"

namespace heddle::test {
namespace {

ParkRequest on(const void* address, Deadline deadline = kNever) {
    return {.address = address, .kind = WaitKind::interpreter, .deadline = deadline};
}

TEST(ParkingLot, DoesNotSleepWhenValidationFails) {
    int word = 0;
    bool slept = false;
    const ParkOutcome outcome =
        ParkingLot::park(on(&word), [] { return false; }, [&] { slept = true; });
    EXPECT_EQ(outcome.result, ParkResult::invalid);
    EXPECT_FALSE(slept);
}

TEST(ParkingLot, TimesOutAndLeavesTheQueue) {
    int word = 0;
    const ParkOutcome outcome =
        ParkingLot::park(on(&word, deadline_after(kMillisecond)), [] { return true; });
    EXPECT_EQ(outcome.result, ParkResult::timed_out);
    EXPECT_EQ(ParkingLot::count_waiters(&word), 0U);
}

TEST(ParkingLot, PassesTheTokenAndShowsTheArgument) {
    int word = 0;
    int argument = 0;
    Thread waiter([&] {
        ParkRequest request = on(&word);
        request.park_arg = &argument;
        const ParkOutcome outcome = ParkingLot::park(request, [] { return true; });
        EXPECT_EQ(outcome.result, ParkResult::unparked);
        EXPECT_EQ(outcome.token, 42U);
    });
    wait_until([&] { return ParkingLot::count_waiters(&word) == 1; }, "it parks");
    ParkingLot::unpark_one(&word, [&](const UnparkInfo& info) -> uintptr_t {
        EXPECT_TRUE(info.did_unpark);
        EXPECT_FALSE(info.has_more);
        EXPECT_EQ(info.park_arg, &argument);
        return 42;
    });
}

TEST(ParkingLot, CallsTheCallbackWithoutAWaiterToo) {
    int word = 0;
    bool called = false;
    ParkingLot::unpark_one(&word, [&](const UnparkInfo& info) -> uintptr_t {
        called = true;
        EXPECT_FALSE(info.did_unpark);
        EXPECT_FALSE(info.has_more);
        EXPECT_EQ(info.park_arg, nullptr);
        return 0;
    });
    EXPECT_TRUE(called);
}

TEST(ParkingLot, UnparksInTheOrderOfParking) {
    int word = 0;
    Lock order_lock;
    std::vector<uint32_t> order;  // under order_lock
    std::vector<Thread> threads;
    for (uint32_t i = 0; i < 8; i++) {
        threads.emplace_back([&, i] {
            ParkingLot::park(on(&word), [] { return true; });
            order_lock.lock();
            order.push_back(i);
            order_lock.unlock();
        });
        wait_until([&] { return ParkingLot::count_waiters(&word) == i + 1; }, "it parks");
    }
    for (uint32_t i = 0; i < 8; i++) {
        EXPECT_EQ(ParkingLot::unpark(&word, 1), 1U);
        wait_until(
            [&] {
                order_lock.lock();
                const size_t size = order.size();
                order_lock.unlock();
                return size == i + 1;
            },
            "it is through");
    }
    threads.clear();
    EXPECT_EQ(order, (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(ParkingLot, UnparksAHundredAndNobodyElse) {
    int word = 0;
    int other_word = 0;
    std::vector<Thread> threads;
    Thread other([&] { ParkingLot::park(on(&other_word), [] { return true; }); });
    for (int i = 0; i < 100; i++) {
        threads.emplace_back([&] { ParkingLot::park(on(&word), [] { return true; }); });
    }
    wait_until([&] { return ParkingLot::count_waiters(&word) == 100; }, "100 wait");
    wait_until([&] { return ParkingLot::count_waiters(&other_word) == 1; }, "1 waits");
    EXPECT_EQ(ParkingLot::unpark(&word, 30), 30U);
    EXPECT_EQ(ParkingLot::unpark_all(&word), 70U);
    EXPECT_EQ(ParkingLot::unpark_all(&word), 0U);
    EXPECT_EQ(ParkingLot::unpark_all(&other_word), 1U);
}

TEST(ParkingLot, CallsBeforeSleepWhenQueuedSoItMayLetTheUnparkerIn) {
    int word = 0;
    for (uint32_t i = 0; i < scaled(1000); i++) {
        const ParkOutcome outcome = ParkingLot::park(
            on(&word), [] { return true; }, [&] { EXPECT_EQ(ParkingLot::unpark(&word, 1), 1U); });
        EXPECT_EQ(outcome.result, ParkResult::unparked);
    }
}

// before_sleep parks itself, while others notify both waits: neither notification may be lost.
TEST(ParkingLot, WaitsNest) {
    int outer = 0;
    int inner = 0;
    const uint32_t rounds = scaled(4000);
    Thread waiter([&] {
        for (uint32_t i = 0; i < rounds; i++) {
            const ParkOutcome outcome = ParkingLot::park(
                on(&outer), [] { return true; },
                [&] {
                    EXPECT_EQ(ParkingLot::park(on(&inner), [] { return true; }).result,
                              ParkResult::unparked);
                });
            EXPECT_EQ(outcome.result, ParkResult::unparked);
        }
    });
    const auto unpark_often = [&](const void* address) {
        for (uint32_t i = 0; i < rounds;) i += ParkingLot::unpark(address, 1);
    };
    Thread for_outer([&] { unpark_often(&outer); });
    Thread for_inner([&] { unpark_often(&inner); });
}

struct ParkStress {
    const char* name;
    uint32_t addresses;
    uint32_t waiters;
    uint32_t unparkers;
    uint32_t rounds;
    uint32_t seed;
};

class ParkingLotStressTest : public ::testing::TestWithParam<ParkStress> {};

// Hammers unpark against timeouts: each unpark that found somebody ends exactly one wait as
// unparked.
TEST_P(ParkingLotStressTest, CountsAgree) {
    const ParkStress& params = GetParam();
    std::vector<int> words(params.addresses);
    std::atomic<uint32_t> unparked{0};
    std::atomic<uint32_t> said_unparked{0};
    std::atomic<uint32_t> waiting{params.waiters};
    run_threads(params.waiters + params.unparkers, [&](uint32_t index) {
        Random random(params.seed + index);
        if (index < params.waiters) {
            for (uint32_t i = 0; i < scaled(params.rounds); i++) {
                const Deadline deadline = deadline_after(random.below(200'000));
                const ParkOutcome outcome = ParkingLot::park(
                    on(&words[random.below(params.addresses)], deadline), [] { return true; });
                if (outcome.result == ParkResult::unparked) unparked++;
            }
            waiting--;
            return;
        }
        while (waiting > 0) {
            said_unparked +=
                ParkingLot::unpark(&words[random.below(params.addresses)], 1 + random.below(3));
            work(200);
        }
    });
    EXPECT_EQ(unparked, said_unparked);
    for (const int& word : words) EXPECT_EQ(ParkingLot::count_waiters(&word), 0U);
}

INSTANTIATE_TEST_SUITE_P(Table, ParkingLotStressTest,
                         ::testing::Values(ParkStress{"OneAddress", 1, 6, 2, 4'000, 1},
                                           ParkStress{"FewAddresses", 4, 8, 2, 3'000, 2},
                                           ParkStress{"ManyAddresses", 3'000, 8, 2, 2'000, 3}),
                         name_of<ParkStress>);

}  // namespace
}  // namespace heddle::test

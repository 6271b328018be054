// Tests of sleepers: who gets which, what they show, and who is found in a queue by one.
// SPDX-License-Identifier: MIT
#include "park/sleeper.h"

#include <thread>

#include "heddle/parking_lot.h"
#include "park/parking_lot_internal.h"
#include "support.h"

namespace heddle::test {
namespace {

TEST(Sleeper, TakesNoBytesInAProgramsFile) {
    static constinit Sleeper sleeper;
    EXPECT_TRUE(is_all_zeros(sleeper));
}

TEST(Sleeper, TheFirstIsTheMainThreads) {
    EXPECT_EQ(&this_sleeper(), &main_sleeper());
    EXPECT_TRUE(is_main_thread());
    EXPECT_EQ(this_sleeper().ident.load(), heddle_thread_self());
}

TEST(Sleeper, EachThreadHasItsOwnAndItsIdent) {
    run_threads(8, [](uint32_t) {
        EXPECT_NE(&this_sleeper(), &main_sleeper());
        EXPECT_FALSE(is_main_thread());
        EXPECT_EQ(this_sleeper().ident.load(), heddle_thread_self());
        EXPECT_EQ(&sleeper_at(index_of(this_sleeper())), &this_sleeper());
    });
}

TEST(Sleeper, AForeignThreadGetsOneOnFirstUse) {
    uint32_t index = 0;
    std::thread([&] {
        EXPECT_EQ(this_sleeper_or_null(), nullptr);
        index = index_of(this_sleeper());
        EXPECT_EQ(this_sleeper_or_null(), &sleeper_at(index));
        EXPECT_NE(sleeper_at(index).ident.load(), 0U);
    }).join();
    wait_until([&] { return sleeper_at(index).ident.load() == 0; }, "it is detached");  // Z1
}

TEST(Sleeper, ShowsTheInnermostWaitAndTheOuterOneAfterwards) {
    int outer = 0;
    int inner = 0;
    const auto request = [](const void* address, WaitKind kind) {
        return ParkRequest{
            .address = address, .kind = kind, .deadline = deadline_after(kMillisecond)};
    };
    EXPECT_EQ(this_sleeper().wait.load().kind, WaitKind::none);
    (void)ParkingLot::park(
        request(&outer, WaitKind::interpreter), [] { return true; },
        [&] {
            (void)ParkingLot::park(request(&inner, WaitKind::signal), [&] {
                EXPECT_EQ(this_sleeper().wait.load().address, &inner);
                EXPECT_EQ(this_sleeper().wait.load().kind, WaitKind::signal);
                return true;
            });
            EXPECT_EQ(this_sleeper().wait.load().address, &outer);
            EXPECT_EQ(this_sleeper().wait.load().kind, WaitKind::interpreter);
        });
    EXPECT_EQ(this_sleeper().wait.load().kind, WaitKind::none);
}

TEST(Sleeper, IsFoundInTheQueueThatItsThreadWaitsInAndInNoOther) {
    int word = 0;
    int other_word = 0;
    const Sleeper* sleeper = nullptr;
    Thread waiter([&] {
        (void)ParkingLot::park({.address = &word, .kind = WaitKind::event}, [&] {
            sleeper = &this_sleeper();
            return true;
        });
    });
    wait_until([&] { return ParkingLot::count_waiters(&word) == 1; }, "it parks");
    const auto kind_at = [&](const void* address, const Sleeper& who) {
        WaitKind found = WaitKind::none;
        with_waiter(address, who, kNever, [&](WaitKind kind) { found = kind; });
        return found;
    };
    EXPECT_EQ(kind_at(&word, *sleeper), WaitKind::event);
    EXPECT_EQ(kind_at(&other_word, *sleeper), WaitKind::none);
    EXPECT_EQ(kind_at(&word, main_sleeper()), WaitKind::none);
    EXPECT_EQ(ParkingLot::unpark(&word, 1), 1U);
    waiter.join();
    EXPECT_EQ(kind_at(&word, *sleeper), WaitKind::none);
}

}  // namespace
}  // namespace heddle::test

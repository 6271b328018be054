// Thread test: what the suites of threads and of carriers share.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_TESTS_THREAD_TEST_H_
#define HEDDLE_TESTS_THREAD_TEST_H_

#include "heddle/event.h"
#include "heddle/thread.h"
#include "spawn_faults.h"
#include "support.h"
#include "threads/carrier_pool.h"

namespace heddle::test {

using platform::SpawnFault;

inline constexpr heddle_thread_options_t kJoinable = {
    .name = nullptr, .stack_bytes = 0, .joinable = true, .daemon = false};

// Thread bodies.
inline void nothing(void*) {}
inline void wait_for_event(void* event) {
    static_cast<Event*>(event)->wait(kNever, Interruptible::no);
}

// Leaves limits, faults and warm carriers as it found them.
class ThreadTest : public ::testing::Test {
    void TearDown() override {
        platform::set_spawn_fault(SpawnFault::none, 0);
        set_carrier_start_limit(HEDDLE_CARRIER_START_LIMIT_NS);
        heddle_thread_set_limit(kDefaultThreadLimit);
        heddle_thread_set_stack_size(0);
        heddle_thread_warm(kDefaultIdleCarriers);
    }
};

}  // namespace heddle::test

#endif  // HEDDLE_TESTS_THREAD_TEST_H_

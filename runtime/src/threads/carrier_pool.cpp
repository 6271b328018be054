// Carrier pool: running a thread on a carrier that is there, or on a new one; making carriers ahead.
// SPDX-License-Identifier: MIT
#include "threads/carrier_pool.h"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "base/fatal.h"
#include "base/platform.h"
#include "heddle/futex.h"
#include "heddle/thread.h"
#include "threads/carrier_loss.h"
#include "threads/lost_tokens.h"

namespace heddle {

namespace {

// relaxed: a number on its own
constinit std::atomic<int64_t> g_start_limit_ns{HEDDLE_CARRIER_START_LIMIT_NS};

// Asks the platform for the carrier and makes its token known. 0 or EAGAIN.
int spawn(Carrier& carrier, uint32_t generation) {
    HEDDLE_ASSERT(carrier.spawning.load(std::memory_order_relaxed), generation);  // K4
    uintptr_t token = 0;
    const int error =
        platform::spawn_carrier(start_argument(carrier, generation),
                                carrier.stack_bytes.load(std::memory_order_relaxed), &token);
    if (error == 0) {
        // seq_cst: either this spawner sees the host's lost token, or the host sees ours
        carrier.token.store(token, std::memory_order_seq_cst);
        // K4: still spawning, so this cannot be another generation's carrier with a job
        if (take_lost_token(token)) lose_carrier(carrier);
    }
    return error;
}

// release: K4, pairs with the acquire in reserve_new_carrier()
void spawning_is_over(Carrier& carrier) {
    carrier.spawning.store(false, std::memory_order_release);
}

// Waits until the new carrier has taken its job (0), or cannot or does not (EAGAIN).
int wait_until_up(Carrier& carrier, uint32_t starting) {
    const Deadline deadline = deadline_after(g_start_limit_ns.load(std::memory_order_relaxed));
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (word == with_state(starting, CarrierState::failed)) {
            free_carrier(carrier);
            return EAGAIN;
        }
        if (word != starting) return 0;  // it runs, or ran already
        // Woken by the step to running or failed; looks again either way.
        if (!futex_wait(carrier.word, starting, deadline) || is_over(deadline)) {
            if (step(carrier, starting, CarrierState::warming)) return EAGAIN;
        }
    }
}

void run_on_idle_carrier(Carrier& carrier, const Job& job) {
    carrier.job = job;  // K2
    leave_reserved(carrier, CarrierState::assigned);
    futex_wake(carrier.word, kWakeAll);
}

// Gives the job to a carrier that is on its way, which `reserved` keeps from going idle. 0 or EAGAIN.
int run_on_warming_carrier(Carrier& carrier, const Job& job) {
    carrier.job = job;  // K2
    return wait_until_up(carrier, leave_reserved(carrier, CarrierState::starting));
}

int run_on_new_carrier(const Job& job, size_t stack_bytes) {
    Carrier* const carrier = reserve_new_carrier(stack_bytes);
    if (carrier == nullptr) return EAGAIN;
    carrier->job = job;  // K2
    const uint32_t starting = leave_reserved(*carrier, CarrierState::starting);
    SpawnScope scope;
    const int error = spawn(*carrier, generation_of(starting));
    if (error != 0) free_carrier(*carrier);
    spawning_is_over(*carrier);
    return error != 0 ? error : wait_until_up(*carrier, starting);
}

bool warm_one(size_t stack_bytes) {
    Carrier* const carrier = reserve_new_carrier(stack_bytes);
    if (carrier == nullptr) return false;
    carrier->job = {};
    const uint32_t warming = leave_reserved(*carrier, CarrierState::warming);
    SpawnScope scope;
    const int error = spawn(*carrier, generation_of(warming));
    // K4: still this generation. A starter may wait for it by now.
    if (error != 0) lose_carrier(*carrier);
    spawning_is_over(*carrier);
    return error == 0;
}

}  // namespace

int run_on_carrier(const Job& job, size_t stack_bytes) {
    if (Carrier* const carrier = reserve_carrier(CarrierState::idle, stack_bytes)) {
        run_on_idle_carrier(*carrier, job);
        return 0;
    }
    if (Carrier* const carrier = reserve_carrier(CarrierState::warming, stack_bytes)) {
        if (run_on_warming_carrier(*carrier, job) == 0) return 0;
    }
    return run_on_new_carrier(job, stack_bytes);
}

void set_carrier_start_limit(int64_t limit_ns) {
    g_start_limit_ns.store(limit_ns, std::memory_order_relaxed);
}

}  // namespace heddle

extern "C" void heddle_thread_warm(uint32_t count) {
    using namespace heddle;
    if (count > kMaxStartedThreads) count = kMaxStartedThreads;
    set_max_idle(count);
    retire_idle_above(count);
    const size_t stack_bytes = heddle_thread_stack_size();
    for (;;) {
        // The number that counts is the last one asked for, by whichever thread: carriers beyond it end as soon as they
        // are up, so a loop that wanted more would make them for ever.
        const uint32_t wanted = max_idle();
        const CarrierCounts counts = carrier_counts();
        if (counts.idle + counts.starting >= wanted || !warm_one(stack_bytes)) return;
    }
}

// Carrier life: what a carrier does: it takes a job, runs it, and waits for the next one or ends.
// SPDX-License-Identifier: MIT
#include <cstdint>

#include "base/platform.h"
#include "heddle/futex.h"
#include "threads/carrier.h"
#include "threads/started_count.h"
#include "threads/tss.h"

namespace heddle {

namespace {

// The carrier that the calling thread runs on, and its generation.
constinit thread_local Carrier* t_carrier = nullptr;
constinit thread_local uint32_t t_generation = 0;

enum class First { job, idle, nothing };

// The first step of a new carrier: it has a job, it waits for one, or it was given up long ago.
First take_first_job(Carrier& carrier, uint32_t generation) {
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (word == carrier_word(generation, CarrierState::starting)) {
            if (!step(carrier, word, CarrierState::running)) continue;
            futex_wake(carrier.word, kWakeAll);
            return First::job;
        }
        if (word == carrier_word(generation, CarrierState::reserved)) {
            platform::relax();  // a starter is about to give it its job
            continue;
        }
        if (word != carrier_word(generation, CarrierState::warming)) return First::nothing;
        const bool idle = count_as_idle();
        if (step(carrier, word, idle ? CarrierState::idle : CarrierState::ending)) {
            if (!idle) free_carrier(carrier);
            return idle ? First::idle : First::nothing;
        }
        if (idle) uncount_idle();
    }
}

// Waits for a job; false if the carrier must end instead.
bool wait_for_job(Carrier& carrier, uint32_t generation) {
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (generation_of(word) != generation) return false;  // the host gave it up
        switch (state_of(word)) {
            case CarrierState::idle:
            case CarrierState::reserved:
                // Woken by the step to assigned or retired; looks again either way.
                (void)futex_wait(carrier.word, word, kNever);
                break;
            case CarrierState::assigned:
                if (step(carrier, word, CarrierState::running)) return true;
                break;
            case CarrierState::retired:
                free_carrier(carrier);
                return false;
            default:
                return false;
        }
    }
}

// Runs the job of a carrier that was just moved to running. True if the carrier is idle now, false if it must end.
bool run_job(Carrier& carrier, uint32_t generation) {
    const Job job = carrier.job;  // K2
    set_this_sleeper(&job.record->sleeper());
    mark_thread_running(*job.record);
    job.entry(job.arg);
    clear_tss_values();
    set_this_sleeper(nullptr);
    // Idle before joiners are woken, so that their next thread finds this carrier. A new job may come from now on; this
    // function has its own copy of the old one.
    const bool idle = count_as_idle();
    if (!step(carrier, carrier_word(generation, CarrierState::running),
              idle ? CarrierState::idle : CarrierState::ending)) {
        if (idle) uncount_idle();
        return false;  // K3: the host has given this carrier up
    }
    finish_started_thread(*job.record);
    if (!idle) free_carrier(carrier);
    return idle;
}

// Ends the calling thread and its carrier, if it runs on one; otherwise returns.
void exit_from_carrier() {
    Carrier* const carrier = t_carrier;
    if (carrier == nullptr) return;
    ThreadRecord& record = this_thread_record();
    clear_tss_values();
    set_this_sleeper(nullptr);
    t_carrier = nullptr;
    if (step(*carrier, carrier_word(t_generation, CarrierState::running), CarrierState::ending)) {
        finish_started_thread(record);  // K3
        free_carrier(*carrier);
    }
    platform::exit_thread();
}

}  // namespace

namespace internal {

void carrier_main(uintptr_t start_arg) {
    Carrier& carrier = carrier_of(start_arg);
    const uint32_t generation = generation_of_start(start_arg);
    const First first = take_first_job(carrier, generation);
    if (first == First::nothing) return;
    // relaxed: the spawner stores the same one, in case the host's news is for a later moment
    if (const uintptr_t token = platform::own_carrier_token(); token != 0) {
        carrier.token.store(token, std::memory_order_relaxed);
    }
    t_carrier = &carrier;
    t_generation = generation;
    bool has_job = first == First::job || wait_for_job(carrier, generation);
    while (has_job) has_job = run_job(carrier, generation) && wait_for_job(carrier, generation);
    t_carrier = nullptr;
}

}  // namespace internal

}  // namespace heddle

extern "C" void heddle_thread_exit(void) {
    heddle::exit_from_carrier();
    heddle::internal::forget_this_thread();
    heddle::platform::exit_thread();
}

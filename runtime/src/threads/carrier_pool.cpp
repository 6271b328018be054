// Carrier pool: the operating system's threads or workers that threads run on, kept for reuse.
// SPDX-License-Identifier: MIT
#include "threads/carrier_pool.h"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "base/fatal.h"
#include "heddle/futex.h"
#include "heddle/thread.h"
#include "threads/lost_tokens.h"
#include "park/parking_lot_internal.h"
#include "base/platform.h"
#include "threads/started_count.h"
#include "threads/tss.h"

namespace heddle {

namespace {

enum class State : uint32_t {
    free,
    reserved,
    starting,
    warming,
    idle,
    assigned,
    running,
    ending,
    failed,
    retired,
};

constexpr uint32_t kStateBits = 4;
constexpr uint32_t kIndexBits = 10;
constexpr uint32_t kMaxCarriers = 1U << kIndexBits;
// Generations must fit beside the index into a 32-bit start argument.
constexpr uint32_t kMaxGeneration = UINT32_MAX >> kIndexBits;

struct alignas(64) Carrier {
    std::atomic<uint32_t> word{0};       // generation << kStateBits | state (K1); also the futex
    std::atomic<bool> spawning{false};   // K4
    std::atomic<uintptr_t> token{0};     // 0 until known
    std::atomic<size_t> stack_bytes{0};  // set while reserved, read by searchers
    Job job{};                           // K2
};

constinit Carrier g_carriers[kMaxCarriers];
// Carriers that are idle or have decided to be. May be one off for a moment.
constinit std::atomic<uint32_t> g_idle{0};
constinit std::atomic<uint32_t> g_max_idle{kDefaultWarmCarriers};
constinit std::atomic<int64_t> g_start_limit_ns{HEDDLE_CARRIER_START_LIMIT_NS};
// One above the highest index ever used, so that searches stay short.
constinit std::atomic<uint32_t> g_searched{0};

// The carrier that the calling thread runs on, and its generation.
constinit thread_local Carrier* t_carrier = nullptr;
constinit thread_local uint32_t t_generation = 0;

State state_of(uint32_t word) { return static_cast<State>(word & ((1U << kStateBits) - 1)); }
uint32_t generation_of(uint32_t word) { return word >> kStateBits; }
uint32_t make_word(uint32_t generation, State state) {
    return generation << kStateBits | static_cast<uint32_t>(state);
}
uint32_t with_state(uint32_t word, State state) { return make_word(generation_of(word), state); }

// The step from the state in `word` to `to` (K1). acquire and release: K2, and K3's bookkeeping.
bool step(Carrier& carrier, uint32_t word, State to) {
    return carrier.word.compare_exchange_strong(
        word, with_state(word, to), std::memory_order_acq_rel, std::memory_order_relaxed);
}

// Steps from `from`, whatever else happened to the word before.
bool step_from(Carrier& carrier, State from, State to) {
    const uint32_t word = carrier.word.load(std::memory_order_relaxed);  // checked by the swap
    return state_of(word) == from && step(carrier, word, to);
}

uint32_t searched() { return g_searched.load(std::memory_order_acquire); }

// Leaves a state that only the caller may leave.
void leave_to(Carrier& carrier, State to) {
    const uint32_t word = carrier.word.load(std::memory_order_relaxed);   // nobody else writes it
    carrier.word.store(with_state(word, to), std::memory_order_release);  // K2
}

// Frees a carrier that only the caller may touch; its generation is over.
void free_carrier(Carrier& carrier) {
    const uint32_t word = carrier.word.load(std::memory_order_relaxed);  // nobody else writes it
    const uint32_t generation = generation_of(word);
    HEDDLE_ASSERT(state_of(word) != State::free && state_of(word) != State::idle, word);  // K1
    carrier.token.store(0, std::memory_order_relaxed);  // ordered by the store below
    carrier.word.store(make_word(generation == kMaxGeneration ? 0 : generation + 1, State::free),
                       std::memory_order_release);
}

bool count_as_idle() {
    // relaxed: a count; the carrier's word orders everything else
    uint32_t idle = g_idle.load(std::memory_order_relaxed);
    do {
        if (idle >= g_max_idle.load(std::memory_order_relaxed)) return false;
    } while (!g_idle.compare_exchange_weak(idle, idle + 1, std::memory_order_relaxed));
    return true;
}

void uncount_idle() { g_idle.fetch_sub(1, std::memory_order_relaxed); }  // a count, as above

// ---- Getting a carrier ------------------------------------------------------------------------

// A carrier without a job that is in the state `from`: idle, or warming.
Carrier* reserve_existing(State from, size_t stack_bytes) {
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        Carrier& carrier = g_carriers[i];
        // acquire: the stack size read next is the one of this generation, or the swap fails
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (state_of(word) != from ||
            carrier.stack_bytes.load(std::memory_order_relaxed) != stack_bytes) {
            continue;
        }
        if (!step(carrier, word, State::reserved)) continue;
        if (from == State::idle) uncount_idle();
        return &carrier;
    }
    return nullptr;
}

Carrier* reserve_new(size_t stack_bytes) {
    for (uint32_t i = 0; i < kMaxCarriers; i++) {
        Carrier& carrier = g_carriers[i];
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        // acquire: a spawner's last store to this carrier is over when spawning is false (K4)
        if (state_of(word) != State::free || carrier.spawning.load(std::memory_order_acquire) ||
            !step(carrier, word, State::reserved)) {
            continue;
        }
        // relaxed: ordered by the step out of reserved
        carrier.spawning.store(true, std::memory_order_relaxed);
        carrier.token.store(0, std::memory_order_relaxed);
        carrier.stack_bytes.store(stack_bytes, std::memory_order_relaxed);
        uint32_t end = g_searched.load(std::memory_order_relaxed);
        while (end < i + 1 &&
               !g_searched.compare_exchange_weak(end, i + 1, std::memory_order_release,
                                                 std::memory_order_relaxed)) {
        }
        return &carrier;
    }
    return nullptr;
}

bool fail_carrier(Carrier& carrier);

// Asks the platform for the carrier and makes its token known. 0 or EAGAIN.
int spawn(Carrier& carrier, uint32_t generation) {
    const auto index = static_cast<uint32_t>(&carrier - g_carriers);
    const uintptr_t start_arg = uintptr_t{generation} << kIndexBits | index;
    uintptr_t token = 0;
    const int error = platform::spawn_carrier(
        start_arg, carrier.stack_bytes.load(std::memory_order_relaxed), &token);
    if (error == 0) {
        // seq_cst: either this spawner sees the host's lost token, or the host sees ours
        carrier.token.store(token, std::memory_order_seq_cst);
        // K4: still spawning, so this cannot be another generation's carrier with a job
        if (take_lost_token(token)) fail_carrier(carrier);
    }
    return error;
}

// release: K4, pairs with the acquire in reserve_new()
void spawning_is_over(Carrier& carrier) {
    carrier.spawning.store(false, std::memory_order_release);
}

// Waits until the new carrier has taken its job (0), or cannot or does not (EAGAIN).
int wait_until_up(Carrier& carrier, uint32_t starting) {
    const Deadline deadline = deadline_after(g_start_limit_ns.load(std::memory_order_relaxed));
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (word == with_state(starting, State::failed)) {
            free_carrier(carrier);
            return EAGAIN;
        }
        if (word != starting) return 0;  // it runs, or ran already
        // Woken by the step to running or failed; looks again either way.
        if (!futex_wait(carrier.word, starting, deadline) || is_over(deadline)) {
            if (step(carrier, starting, State::warming)) return EAGAIN;
        }
    }
}

// Gives the job to a carrier that is on its way, which `reserved` keeps from going idle. 0 or
// EAGAIN.
int run_on_warming_carrier(Carrier& carrier, const Job& job) {
    carrier.job = job;  // K2
    // Read while it is reserved, by us: once it is starting, it may run, end, and be another's.
    const uint32_t reserved = carrier.word.load(std::memory_order_relaxed);
    leave_to(carrier, State::starting);
    return wait_until_up(carrier, with_state(reserved, State::starting));
}

int run_on_new_carrier(const Job& job, size_t stack_bytes) {
    Carrier* const carrier = reserve_new(stack_bytes);
    if (carrier == nullptr) return EAGAIN;
    carrier->job = job;  // K2
    leave_to(*carrier, State::starting);
    const uint32_t starting =
        with_state(carrier->word.load(std::memory_order_relaxed), State::starting);
    const uint32_t generation = generation_of(starting);
    SpawnScope scope;
    if (const int error = spawn(*carrier, generation); error != 0) {
        free_carrier(*carrier);
        spawning_is_over(*carrier);
        return error;
    }
    spawning_is_over(*carrier);
    return wait_until_up(*carrier, starting);
}

// ---- In the carrier ---------------------------------------------------------------------------

// Runs the job of a carrier that was just moved to running. True if the carrier is idle now, false
// if it must end.
bool run_job(Carrier& carrier, uint32_t generation) {
    const Job job = carrier.job;  // K2
    set_this_sleeper(&job.record->sleeper());
    mark_thread_running(*job.record);
    job.entry(job.arg);
    clear_tss_values();
    set_this_sleeper(nullptr);
    // Idle before joiners are woken, so that their next thread finds this carrier. A new job may
    // come from now on; this function has its own copy of the old one.
    bool idle = count_as_idle();
    if (!step(carrier, make_word(generation, State::running), idle ? State::idle : State::ending)) {
        if (idle) uncount_idle();
        return false;  // K3: the host has given this carrier up
    }
    finish_started_thread(*job.record);
    if (!idle) free_carrier(carrier);
    return idle;
}

// Waits for a job; false if the carrier must end instead.
bool wait_for_job(Carrier& carrier, uint32_t generation) {
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (generation_of(word) != generation) return false;  // the host gave it up
        switch (state_of(word)) {
            case State::idle:
            case State::reserved:
                // Woken by the step to assigned or retired; looks again either way.
                (void)futex_wait(carrier.word, word, kNever);
                break;
            case State::assigned:
                if (step(carrier, word, State::running)) return true;
                break;
            case State::retired:
                free_carrier(carrier);
                return false;
            default:
                return false;
        }
    }
}

// The first step of a new carrier. True: it has a job; false and *idle: it waits for one.
bool take_first_job(Carrier& carrier, uint32_t generation, bool* idle) {
    *idle = false;
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (word == make_word(generation, State::starting)) {
            if (!step(carrier, word, State::running)) continue;
            futex_wake(carrier.word, kWakeAll);
            return true;
        }
        if (word == make_word(generation, State::reserved)) {
            platform::relax();  // a starter is about to give it its job
            continue;
        }
        if (word != make_word(generation, State::warming)) return false;  // given up long ago
        *idle = count_as_idle();
        if (step(carrier, word, *idle ? State::idle : State::ending)) {
            if (!*idle) free_carrier(carrier);
            return false;
        }
        if (*idle) uncount_idle();
        *idle = false;
    }
}

// ---- The host's news --------------------------------------------------------------------------

// The carrier will never run again. True if a thread was running on it.
bool fail_carrier(Carrier& carrier) {
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        switch (state_of(word)) {
            case State::starting:
                if (!step(carrier, word, State::failed)) break;
                futex_wake(carrier.word, kWakeAll);
                return false;
            case State::warming:
                if (!step(carrier, word, State::ending)) break;
                free_carrier(carrier);
                return false;
            case State::idle:
                if (!step(carrier, word, State::ending)) break;
                uncount_idle();
                free_carrier(carrier);
                return false;
            case State::assigned:
            case State::running: {
                if (!step(carrier, word, State::ending)) break;
                ThreadRecord* const record = carrier.job.record;
                forget_waiters_of(record->sleeper());
                finish_started_thread(*record);  // K3
                free_carrier(carrier);
                return true;
            }
            case State::reserved:
                platform::relax();
                break;  // for a few instructions only
            case State::free:
            case State::ending:
            case State::failed:
            case State::retired:
                return false;
        }
    }
}

Carrier* find_carrier(uintptr_t token) {
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        Carrier& carrier = g_carriers[i];
        // seq_cst: see spawn(). A free one may bear an old token, which is another's by now.
        if (carrier.token.load(std::memory_order_seq_cst) == token &&
            state_of(carrier.word.load(std::memory_order_seq_cst)) != State::free) {
            return &carrier;
        }
    }
    return nullptr;
}

// ---- Warm carriers ----------------------------------------------------------------------------

void retire_idle_above(uint32_t count) {
    const uint32_t end = searched();
    for (uint32_t i = end; i-- > 0;) {
        if (g_idle.load(std::memory_order_relaxed) <= count) return;  // a count
        Carrier& carrier = g_carriers[i];
        if (!step_from(carrier, State::idle, State::retired)) continue;
        uncount_idle();
        futex_wake(carrier.word, kWakeAll);
    }
}

bool warm_one(size_t stack_bytes) {
    Carrier* const carrier = reserve_new(stack_bytes);
    if (carrier == nullptr) return false;
    carrier->job = {};
    const uint32_t generation = generation_of(carrier->word.load(std::memory_order_relaxed));
    leave_to(*carrier, State::warming);
    SpawnScope scope;
    const int error = spawn(*carrier, generation);
    // K4: still this generation. A starter may wait for it by now.
    if (error != 0) fail_carrier(*carrier);
    spawning_is_over(*carrier);
    return error == 0;
}

}  // namespace

int run_on_carrier(const Job& job, size_t stack_bytes) {
    if (Carrier* const carrier = reserve_existing(State::idle, stack_bytes)) {
        carrier->job = job;  // K2
        leave_to(*carrier, State::assigned);
        futex_wake(carrier->word, kWakeAll);
        return 0;
    }
    if (Carrier* const carrier = reserve_existing(State::warming, stack_bytes)) {
        if (run_on_warming_carrier(*carrier, job) == 0) return 0;
    }
    return run_on_new_carrier(job, stack_bytes);
}

void exit_from_carrier() {
    Carrier* const carrier = t_carrier;
    if (carrier == nullptr) return;
    ThreadRecord* const record = &this_thread_record();
    clear_tss_values();
    set_this_sleeper(nullptr);
    t_carrier = nullptr;
    if (step(*carrier, make_word(t_generation, State::running), State::ending)) {
        finish_started_thread(*record);  // K3
        free_carrier(*carrier);
    }
    platform::exit_thread();
}

void set_carrier_start_limit(int64_t limit_ns) {
    g_start_limit_ns.store(limit_ns, std::memory_order_relaxed);  // a number on its own
}

CarrierCounts carrier_counts() {
    CarrierCounts counts{};
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        // relaxed: a picture of the moment
        switch (state_of(g_carriers[i].word.load(std::memory_order_relaxed))) {
            case State::starting:
            case State::warming:
                counts.starting++;
                break;
            case State::assigned:
            case State::running:
                counts.running++;
                break;
            case State::idle:
                counts.idle++;
                break;
            default:
                break;
        }
    }
    return counts;
}

namespace internal {

void carrier_main(uintptr_t start_arg) {
    Carrier& carrier = g_carriers[start_arg & (kMaxCarriers - 1)];
    const auto generation = static_cast<uint32_t>(start_arg >> kIndexBits);
    bool idle = false;
    bool has_job = take_first_job(carrier, generation, &idle);
    if (!has_job && !idle) return;
    // relaxed: the spawner stores the same one, in case the host's news is for a later moment
    if (const uintptr_t token = platform::own_carrier_token(); token != 0) {
        carrier.token.store(token, std::memory_order_relaxed);
    }
    t_carrier = &carrier;
    t_generation = generation;
    if (!has_job) has_job = wait_for_job(carrier, generation);
    while (has_job) has_job = run_job(carrier, generation) && wait_for_job(carrier, generation);
    t_carrier = nullptr;
}

}  // namespace internal

}  // namespace heddle

using namespace heddle;

extern "C" {

void heddle_thread_warm(uint32_t count) {
    if (count > kMaxStartedThreads) count = kMaxStartedThreads;
    g_max_idle.store(count, std::memory_order_relaxed);  // a number on its own
    retire_idle_above(count);
    const size_t stack_bytes = heddle_thread_stack_size();
    for (;;) {
        // The number that counts is the last one asked for, by whichever thread: carriers beyond it
        // end as soon as they are up, so a loop that wanted more would make them for ever.
        const uint32_t wanted = g_max_idle.load(std::memory_order_relaxed);
        const CarrierCounts counts = carrier_counts();
        if (counts.idle + counts.starting >= wanted || !warm_one(stack_bytes)) return;
    }
}

bool heddle_carrier_failed(uintptr_t token) {
    if (token == 0) return false;
    Carrier* carrier = find_carrier(token);
    if (carrier == nullptr) {
        // Its spawner may not know the token yet.
        if (!leave_lost_token(token)) return false;
        carrier = find_carrier(token);
        if (carrier == nullptr || !take_lost_token(token)) return false;
    }
    return fail_carrier(*carrier);
}

}  // extern "C"

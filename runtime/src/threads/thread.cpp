// Threads: starting, joining, detaching and ending them, stack sizes and the limit.
// SPDX-License-Identifier: MIT
#include "heddle/thread.h"

#include <atomic>
#include <cerrno>

#include "threads/carrier_pool.h"
#include "heddle/parking_lot.h"
#include "base/platform.h"
#include "threads/start_thread.h"
#include "threads/started_count.h"

namespace heddle {

namespace {

// relaxed throughout: numbers on their own, which order nothing
constinit std::atomic<uint32_t> g_started{0};
constinit std::atomic<uint32_t> g_limit{kDefaultThreadLimit};
constinit std::atomic<size_t> g_stack_bytes{kDefaultStackBytes};

static_assert(HEDDLE_STACK_MIN % kStackStepBytes == 0);

// SIZE_MAX if it does not fit.
size_t round_stack(size_t bytes) {
    if (bytes > SIZE_MAX - kStackStepBytes) return SIZE_MAX;
    return (bytes + kStackStepBytes - 1) & ~(kStackStepBytes - 1);
}

}  // namespace

bool count_started_thread() {
    uint32_t started = g_started.load(std::memory_order_relaxed);
    do {
        if (started >= g_limit.load(std::memory_order_relaxed)) return false;
    } while (!g_started.compare_exchange_weak(started, started + 1, std::memory_order_relaxed));
    return true;
}

void uncount_started_thread() { g_started.fetch_sub(1, std::memory_order_relaxed); }

void finish_started_thread(ThreadRecord& record) {
    // The record's role is set before the thread starts and stays until it is finished.
    if (record.role != ThreadRole::helper) uncount_started_thread();
    finish_thread(record);
}

int start_thread(void (*entry)(void*), void* arg, const heddle_thread_options_t& options,
                 ThreadRole role, heddle_ident_t* ident_out) {
    if (ident_out != nullptr) *ident_out = 0;
    if (options.stack_bytes != 0 && options.stack_bytes < HEDDLE_STACK_MIN) return EINVAL;
    const size_t stack_bytes =
        round_stack(options.stack_bytes != 0 ? options.stack_bytes : heddle_thread_stack_size());
    if (stack_bytes == SIZE_MAX) return EAGAIN;
    const bool counted = role != ThreadRole::helper;
    if (counted && !count_started_thread()) return EAGAIN;

    ThreadRecord* const record = allocate_thread_record({.name = options.name,
                                                         .role = role,
                                                         .state = ThreadState::starting,
                                                         .stack_bytes = stack_bytes,
                                                         .joinable = options.joinable,
                                                         .daemon = options.daemon});
    if (record == nullptr) {
        if (counted) uncount_started_thread();
        return EAGAIN;
    }
    // Read and handed out before it runs: the thread may be over when run_on_carrier() returns.
    const uint32_t ident = record->ident();
    if (ident_out != nullptr) *ident_out = ident;
    const int error = run_on_carrier({.entry = entry, .arg = arg, .record = record}, stack_bytes);
    if (error != 0) {
        free_thread_record(*record);
        if (counted) uncount_started_thread();
        if (ident_out != nullptr) *ident_out = 0;
    }
    return error;
}

}  // namespace heddle

using namespace heddle;

extern "C" {

int heddle_thread_start(void (*entry)(void*), void* arg, const heddle_thread_options_t* options,
                        heddle_ident_t* ident_out) {
    constexpr heddle_thread_options_t kDefaults = {};
    return start_thread(entry, arg, options != nullptr ? *options : kDefaults, ThreadRole::started,
                        ident_out);
}

int heddle_thread_join(heddle_ident_t ident, int64_t timeout_ns, bool interruptible) {
    if (ident == this_thread_ident()) return EDEADLK;
    ThreadRecord* const record = find_joinable(ident);
    if (record == nullptr) return ESRCH;
    const Deadline deadline = deadline_after(timeout_ns);
    for (;;) {
        // acquire: the joiner sees what the thread did (T3). A record that was recycled fails in
        // give_up_join(), whatever its `done` says.
        if (record->done.load(std::memory_order_acquire) != 0) {
            return give_up_join(*record, ident) ? 0 : ESRCH;
        }
        const ParkOutcome outcome =
            ParkingLot::park({.address = &record->done,
                              .kind = WaitKind::thread,
                              .deadline = deadline,
                              .interruptible = Interruptible{interruptible},
                              .target = ident},
                             [&] {
                                 // an ident that is still there came with done == 0
                                 return record->ident() == ident &&
                                        record->done.load(std::memory_order_relaxed) == 0;
                             });
        if (outcome.result == ParkResult::timed_out) return ETIMEDOUT;
        if (outcome.result == ParkResult::interrupted) return EINTR;
        if (record->ident() != ident) return ESRCH;
    }
}

int heddle_thread_detach(heddle_ident_t ident) {
    ThreadRecord* const record = find_joinable(ident);
    return record != nullptr && give_up_join(*record, ident) ? 0 : ESRCH;
}

void heddle_thread_exit(void) {
    exit_from_carrier();
    internal::detach_this_thread();
    platform::exit_thread();
}

size_t heddle_thread_stack_size(void) { return g_stack_bytes.load(std::memory_order_relaxed); }

int heddle_thread_set_stack_size(size_t bytes) {
    if (bytes != 0 && bytes < HEDDLE_STACK_MIN) return EINVAL;
    g_stack_bytes.store(bytes == 0 ? kDefaultStackBytes : bytes, std::memory_order_relaxed);
    return 0;
}

size_t heddle_thread_own_stack_bytes(void) { return platform::own_stack_bytes(); }

void heddle_thread_set_limit(uint32_t max_threads) {
    g_limit.store(max_threads < kMaxStartedThreads ? max_threads : kMaxStartedThreads,
                  std::memory_order_relaxed);
}

}  // extern "C"

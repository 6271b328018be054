// Start: starting threads, and how large their stacks are.
// SPDX-License-Identifier: MIT
#include "threads/start.h"

#include <atomic>
#include <cerrno>

#include "base/platform.h"
#include "heddle/thread.h"
#include "threads/carrier_pool.h"
#include "threads/started_count.h"

namespace heddle {

namespace {

// relaxed throughout: a number on its own, which orders nothing
constinit std::atomic<size_t> g_stack_bytes{kDefaultStackBytes};

static_assert(HEDDLE_STACK_MIN % kStackStepBytes == 0);

// SIZE_MAX if it does not fit.
size_t round_stack(size_t bytes) {
    if (bytes > SIZE_MAX - kStackStepBytes) return SIZE_MAX;
    return (bytes + kStackStepBytes - 1) & ~(kStackStepBytes - 1);
}

}  // namespace

int start_with_role(ThreadRole role, void (*entry)(void*), void* arg,
                    const heddle_thread_options_t& options, heddle_ident_t* ident_out) {
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
    return start_with_role(ThreadRole::started, entry, arg,
                           options != nullptr ? *options : kDefaults, ident_out);
}

size_t heddle_thread_stack_size(void) { return g_stack_bytes.load(std::memory_order_relaxed); }

int heddle_thread_set_stack_size(size_t bytes) {
    if (bytes != 0 && bytes < HEDDLE_STACK_MIN) return EINVAL;
    g_stack_bytes.store(bytes == 0 ? kDefaultStackBytes : bytes, std::memory_order_relaxed);
    return 0;
}

size_t heddle_thread_own_stack_bytes(void) { return platform::own_stack_bytes(); }

}  // extern "C"

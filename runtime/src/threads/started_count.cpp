// Started count: how many threads heddle_thread_start() has alive, and their limit.
// SPDX-License-Identifier: MIT
#include "threads/started_count.h"

#include <algorithm>
#include <atomic>

#include "heddle/thread.h"
#include "threads/count_below.h"

namespace heddle {

namespace {

// relaxed throughout: numbers on their own, which order nothing
constinit std::atomic<uint32_t> g_started{0};
constinit std::atomic<uint32_t> g_limit{kDefaultThreadLimit};

}  // namespace

bool count_started_thread() { return count_below(g_started, g_limit); }

void uncount_started_thread() { g_started.fetch_sub(1, std::memory_order_relaxed); }

void finish_started_thread(ThreadRecord& record) {
    // The record's role is set before the thread starts and stays until it is finished.
    if (record.role != ThreadRole::helper) uncount_started_thread();
    finish_thread(record);
}

}  // namespace heddle

extern "C" void heddle_thread_set_limit(uint32_t max_threads) {
    heddle::g_limit.store(std::min(max_threads, heddle::kMaxStartedThreads),
                          std::memory_order_relaxed);
}

// Started count: how many threads heddle_thread_start() has alive, and their limit.
// SPDX-License-Identifier: MIT
#include "threads/started_count.h"

#include <algorithm>
#include <atomic>

#include "heddle/thread.h"

namespace heddle {

namespace {

// relaxed throughout: numbers on their own, which order nothing
constinit std::atomic<uint32_t> g_started{0};
constinit std::atomic<uint32_t> g_limit{kDefaultThreadLimit};

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

}  // namespace heddle

extern "C" void heddle_thread_set_limit(uint32_t max_threads) {
    heddle::g_limit.store(std::min(max_threads, heddle::kMaxStartedThreads),
                          std::memory_order_relaxed);
}

// Warm carriers: passes the host's wish to the main thread; the host thread may not start threads.
// SPDX-License-Identifier: MIT
#include "program/warm.h"

#include <atomic>

#include "heddle/heddle.h"
#include "host/host.h"

namespace {

constexpr uint32_t kNoWish = UINT32_MAX;

// Set by the host before main() runs, read by the main thread. relaxed: a number on its own.
std::atomic<uint32_t> wished_count{kNoWish};

}  // namespace

namespace heddle {

void make_warm_carriers() {
    uint32_t count = wished_count.load(std::memory_order_relaxed);
    if (count != kNoWish) heddle_thread_warm(count);
}

}  // namespace heddle

extern "C" void heddle_carriers_set_warm(uint32_t count) {
    wished_count.store(count, std::memory_order_relaxed);
}

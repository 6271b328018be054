// Lost tokens: carriers that the host gave up before their spawner knew what they are called.
// SPDX-License-Identifier: MIT
#include "threads/lost_tokens.h"

#include <atomic>

namespace heddle {

namespace {
constexpr uint32_t kMaxLost = 64;
constinit std::atomic<uintptr_t> g_lost[kMaxLost];
constinit std::atomic<uint32_t> g_spawning{0};
}  // namespace

// seq_cst throughout: see the header.

SpawnScope::SpawnScope() { g_spawning.fetch_add(1); }

SpawnScope::~SpawnScope() {
    if (g_spawning.fetch_sub(1) != 1) return;
    for (std::atomic<uintptr_t>& slot : g_lost) slot.store(0);
}

bool leave_lost_token(uintptr_t token) {
    if (g_spawning.load() == 0) return false;
    for (std::atomic<uintptr_t>& slot : g_lost) {
        uintptr_t expected = 0;
        if (slot.compare_exchange_strong(expected, token)) return true;
    }
    return false;  // so many at once: their starters give up by HEDDLE_CARRIER_START_LIMIT_NS
}

bool take_lost_token(uintptr_t token) {
    for (std::atomic<uintptr_t>& slot : g_lost) {
        uintptr_t expected = token;
        if (slot.compare_exchange_strong(expected, 0)) return true;
    }
    return false;
}

}  // namespace heddle

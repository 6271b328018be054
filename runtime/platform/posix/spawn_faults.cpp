// Spawn faults: lets tests make the next carriers fail in the ways that workers fail in.
// SPDX-License-Identifier: MIT
#include "spawn_faults.h"

#include <mutex>

namespace heddle::platform {

namespace {
std::mutex g_mutex;
// All under g_mutex.
SpawnFaultNow g_fault{};
uint32_t g_count = 0;
void (*g_token_listener)(uintptr_t) = nullptr;
}  // namespace

void set_spawn_fault(SpawnFault fault, uint32_t count, int64_t delay_ns) {
    std::lock_guard guard(g_mutex);
    g_fault = {.fault = fault, .delay_ns = delay_ns};
    g_count = count;
}

SpawnFaultNow take_spawn_fault() {
    std::lock_guard guard(g_mutex);
    if (g_count == 0) return {};
    g_count--;
    return g_fault;
}

void set_token_listener(void (*listener)(uintptr_t token)) {
    std::lock_guard guard(g_mutex);
    g_token_listener = listener;
}

void tell_token(uintptr_t token) {
    std::lock_guard guard(g_mutex);
    if (g_token_listener != nullptr) g_token_listener(token);
}

}  // namespace heddle::platform

// Thread-specific storage: values that each thread has for itself, by key.
// SPDX-License-Identifier: MIT
#include "threads/tss.h"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "heddle/heddle.h"

namespace heddle {

namespace {

constexpr uint32_t kIndexBits = 7;
constexpr uint32_t kKeyMask = INT32_MAX;  // keys stay positive as an int
constexpr uint32_t kGenerationStep = 1U << kIndexBits;
static_assert(HEDDLE_TSS_MAX == 1 << kIndexBits);

// For each index: the key in use, with kUsed, or the key to be used next.
constexpr uint32_t kUsed = 1U << 31;
constinit std::atomic<uint32_t> g_keys[HEDDLE_TSS_MAX];

struct Value {
    uint32_t key = 0;  // the key with kUsed that it was set under; 0: none
    void* value = nullptr;
};
constinit thread_local Value t_values[HEDDLE_TSS_MAX];

uint32_t index_of(uint32_t key) { return key & (HEDDLE_TSS_MAX - 1); }

bool is_in_use(uint32_t key) {
    // relaxed: the caller got the key from the creator, which ordered it
    return (key & kUsed) == 0 &&
           g_keys[index_of(key)].load(std::memory_order_relaxed) == (key | kUsed);
}

}  // namespace

void clear_tss_values() {
    for (Value& slot : t_values) slot = {};
}

}  // namespace heddle

using namespace heddle;

extern "C" {

int heddle_tss_create(uint32_t* key_out) {
    for (uint32_t index = 0; index < HEDDLE_TSS_MAX; index++) {
        // relaxed: keys order nothing
        uint32_t key = g_keys[index].load(std::memory_order_relaxed);
        if ((key & kUsed) != 0) continue;
        const uint32_t next = ((key + kGenerationStep) & kKeyMask & ~(kGenerationStep - 1)) | index;
        if (g_keys[index].compare_exchange_strong(key, next | kUsed, std::memory_order_relaxed)) {
            *key_out = next;
            return 0;
        }
    }
    return EAGAIN;
}

void heddle_tss_delete(uint32_t key) {
    uint32_t used = key | kUsed;
    // relaxed, and nothing happens unless this very key is in use
    g_keys[index_of(key)].compare_exchange_strong(used, key & kKeyMask, std::memory_order_relaxed);
}

void* heddle_tss_get(uint32_t key) {
    const Value& slot = t_values[index_of(key)];
    return slot.key == (key | kUsed) && is_in_use(key) ? slot.value : nullptr;
}

int heddle_tss_set(uint32_t key, void* value) {
    if (!is_in_use(key)) return EINVAL;
    t_values[index_of(key)] = {.key = key | kUsed, .value = value};
    return 0;
}

}  // extern "C"

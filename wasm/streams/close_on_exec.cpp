// Close-on-exec: one bit for each descriptor.
// SPDX-License-Identifier: MIT
#include "streams/close_on_exec.h"

#include <atomic>
#include <cstdint>

namespace heddle {
namespace {

constexpr int kDescriptors = 4096;
constinit std::atomic<uint32_t> g_bits[kDescriptors / 32] = {};

}  // namespace

// Relaxed order: the bit says nothing about other memory, and the caller knows its descriptor.
void set_close_on_exec(int fd, bool value) {
    if (fd < 0 || fd >= kDescriptors) return;
    const uint32_t bit = uint32_t{1} << (fd % 32);
    if (value) {
        g_bits[fd / 32].fetch_or(bit, std::memory_order_relaxed);
    } else {
        g_bits[fd / 32].fetch_and(~bit, std::memory_order_relaxed);
    }
}

bool is_close_on_exec(int fd) {
    if (fd < 0 || fd >= kDescriptors) return false;
    return (g_bits[fd / 32].load(std::memory_order_relaxed) >> (fd % 32) & 1) != 0;
}

}  // namespace heddle

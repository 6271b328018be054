// The engine's own stack: measured by a function that calls itself until the engine stops it.
// SPDX-License-Identifier: MIT
//
// The engine ends such a recursion with an error that only JavaScript can catch, so the descent is
// started by an import.
#include "cpython/native_stack.h"

#include <atomic>
#include <cstdint>

#include "host/host.h"

namespace {

// A call keeps this many 8-byte values across the next one. No engine has registers that live so
// long, so each is 8 bytes of its stack. The rest of a frame is small against that.
constexpr int kValues = 64;
constexpr size_t kFrameBytes = kValues * sizeof(uint64_t) + 32;
// More than that is never needed.
constexpr size_t kMostFrames = (16 << 20) / kFrameBytes;

// Volatile: a value that was read from here before a call must be kept, to be written back after it.
volatile uint64_t g_values[kValues];

thread_local size_t t_frames;

[[gnu::noinline]] void descend() {
    if (++t_frames == kMostFrames) return;
    uint64_t values[kValues];
#pragma clang loop unroll(full)
    for (int i = 0; i < kValues; i++) values[i] = g_values[i];
    descend();
#pragma clang loop unroll(full)
    for (int i = 0; i < kValues; i++) g_values[i] = values[i];
}

size_t measure() {
    t_frames = 0;
    const bool has_end = heddle_host_use_up_stack(descend) != 0;
    return has_end ? t_frames * kFrameBytes : SIZE_MAX;
}

std::atomic<size_t> g_bytes{0};

}  // namespace

size_t heddle_native_stack_bytes() {
    size_t bytes = g_bytes.load(std::memory_order_relaxed);  // a number on its own
    if (bytes == 0) {
        bytes = measure();
        g_bytes.store(bytes, std::memory_order_relaxed);
    }
    return bytes;
}

// Terminal: its state, and what the host tells about it.
// SPDX-License-Identifier: MIT
//
// Everything is in one word, so that a change of size is seen whole: bits 0-2 the streams, then 14
// bits of columns and 15 of rows. Relaxed order is enough, the word stands for nothing else.
#include "console/terminal.h"

#include <algorithm>
#include <atomic>

#include "host/host.h"

namespace heddle {
namespace {

constexpr uint32_t kStreamBits = 3;
constexpr uint32_t kColumnBits = 14;
constexpr uint32_t kRowBits = 15;

constinit std::atomic<uint32_t> g_terminal{0};

uint32_t field(int value, uint32_t bits) {
    return static_cast<uint32_t>(std::clamp(value, 0, (1 << bits) - 1));
}

}  // namespace

bool is_terminal(int stream, TerminalSize* size_out) {
    const uint32_t word = g_terminal.load(std::memory_order_relaxed);
    if ((word >> stream & 1) == 0) return false;
    if (size_out != nullptr) {
        *size_out = {
            static_cast<uint16_t>(word >> kStreamBits & ((1u << kColumnBits) - 1)),
            static_cast<uint16_t>(word >> (kStreamBits + kColumnBits) & ((1u << kRowBits) - 1))};
    }
    return true;
}

}  // namespace heddle

extern "C" void heddle_console_set_terminal(int streams, int columns, int rows) {
    using namespace heddle;
    g_terminal.store(field(streams & 7, kStreamBits) | field(columns, kColumnBits) << kStreamBits |
                         field(rows, kRowBits) << (kStreamBits + kColumnBits),
                     std::memory_order_relaxed);
}

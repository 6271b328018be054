// Terminal: its state, isatty(), and what the host tells about it.
// SPDX-License-Identifier: MIT
//
// Everything is in one word, so that a change of size is seen whole: bits 0-2 the streams, then 14
// bits of columns and 15 of rows. Relaxed order is enough, the word stands for nothing else.
#include "terminal.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "../host/host.h"
#include "console.h"
#include "stream_file.h"

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

bool is_terminal_stream(int stream) {
    return (g_terminal.load(std::memory_order_relaxed) >> stream & 1) != 0;
}

TerminalSize terminal_size() {
    const uint32_t word = g_terminal.load(std::memory_order_relaxed);
    return {static_cast<uint16_t>(word >> kStreamBits & ((1u << kColumnBits) - 1)),
            static_cast<uint16_t>(word >> (kStreamBits + kColumnBits) & ((1u << kRowBits) - 1))};
}

bool is_terminal(int fd) {
    const int stream = console_stream_of(as_stream(look_up(fd).file));
    return stream >= 0 && is_terminal_stream(stream);
}

}  // namespace heddle

extern "C" void heddle_console_set_terminal(int streams, int columns, int rows) {
    using namespace heddle;
    g_terminal.store(field(streams & 7, kStreamBits) | field(columns, kColumnBits) << kStreamBits |
                         field(rows, kRowBits) << (kStreamBits + kColumnBits),
                     std::memory_order_relaxed);
}

// Emscripten's own says no for everything, because WASMFS reports no character devices.
extern "C" int isatty(int fd) {
    if (!heddle::look_up(fd).is_open()) {
        errno = EBADF;
        return 0;
    }
    if (heddle::is_terminal(fd)) return 1;
    errno = ENOTTY;
    return 0;
}

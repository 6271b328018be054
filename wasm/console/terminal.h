// Terminal: which standard streams are terminals, and how large that terminal is.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CONSOLE_TERMINAL_H_
#define HEDDLE_WASM_CONSOLE_TERMINAL_H_

#include <cstdint>

namespace heddle {

// stream: 0 stdin, 1 stdout, 2 stderr.
bool is_terminal_stream(int stream);

struct TerminalSize {
    uint16_t columns;
    uint16_t rows;
};
TerminalSize terminal_size();

// Whether the descriptor is one of the terminal's streams; false for a closed one.
bool is_terminal(int fd);

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_TERMINAL_H_

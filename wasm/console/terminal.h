// Terminal: which standard streams are terminals, and how large that terminal is.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CONSOLE_TERMINAL_H_
#define HEDDLE_WASM_CONSOLE_TERMINAL_H_

#include "streams/stream_file.h"

namespace heddle {

// Whether a standard stream (0 stdin, 1 stdout, 2 stderr) is a terminal, and then its size (size_out may be null).
bool is_terminal(int stream, TerminalSize* size_out = nullptr);

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_TERMINAL_H_

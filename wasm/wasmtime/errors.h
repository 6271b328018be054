// Errors: what wasmtime says, as text, and how the host gives up before Python runs.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_ERRORS_H_
#define HEDDLE_WASM_WASMTIME_ERRORS_H_

#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

// Exit codes beside Python's own.
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFailed = 1;        // the host could not start Python
inline constexpr int kExitTimeout = 124;     // --timeout, as timeout(1) has it
inline constexpr int kExitCrash = 128 + 6;   // a thread trapped
inline constexpr int kExitPipe = 128 + 13;   // nobody reads the output any more
inline constexpr int kExitOutputLost = 120;  // output could not be written, as python has it

// The text of an error or a trap, which is then freed.
std::string take_text(wasmtime_error* error);
std::string take_text(wasm_trap_t* trap);

// Prints "heddle: " and the text to stderr and ends the process. For before Python runs.
[[noreturn]] void give_up(const std::string& text, int exit_code = kExitFailed);
// give_up() if there is an error. what: the action that failed, as in "compile python.wasm".
void check(wasmtime_error* error, const std::string& what);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_ERRORS_H_

// Launcher: the pipe to the heddle command, which started this process and stays its front.
// SPDX-License-Identifier: MIT
//
// The command gets signals that are meant for the program, and passes them on. The terminal sends
// its signals to both processes, so only the command's copy counts. At a terminal the command also
// edits the lines, with its history. Its end is the end of this process.
//
// Messages
//   from the command   'S' and a byte           a signal's number
//                      'L', 4 bytes, bytes      the answer: a line; its size, lowest byte first
//                      'E'                      the answer: the end of the input
//                      'N'                      the answer: none, the wait was interrupted
//   to the command     'P', 4 bytes, bytes      a thread wants a line; its prompt
//                      'R'                      the same, without a prompt
// The command answers each 'P' and 'R' once.
#ifndef HEDDLE_WASM_WASMTIME_LAUNCHER_H_
#define HEDDLE_WASM_WASMTIME_LAUNCHER_H_

#include <functional>
#include <string>

namespace heddle::host {

// How the command, or standard input itself, answered a wish for input.
struct InputAnswer {
    enum class Kind { bytes, end, none } kind;
    std::string bytes;
};

// Reads messages for ever. Blocks; a lost pipe ends the process.
[[noreturn]] void read_launcher(int fd, const std::function<void(int signum)>& on_signal,
                                const std::function<void(InputAnswer)>& on_answer);

// The message that wants a line. prompt: nullptr for none.
std::string line_request(const std::string* prompt);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_LAUNCHER_H_

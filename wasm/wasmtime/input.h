// Input: standard input, asked for only when a thread of Python waits for it.
// SPDX-License-Identifier: MIT
//
// It is read on a thread of its own; at a terminal the launcher, if there is one, edits the lines.
#ifndef HEDDLE_WASM_WASMTIME_INPUT_H_
#define HEDDLE_WASM_WASMTIME_INPUT_H_

#include <condition_variable>
#include <mutex>
#include <string>

#include "launcher.h"

namespace heddle::host {

class HostThread;
class Program;

// Its public members are for the host thread.
class Input {
  public:
    Input(Program& program, HostThread& host_thread)
        : program_(program), host_thread_(host_thread) {}

    // A thread waits for input: shows its prompt, and feeds it what is there or comes.
    void wanted();
    // There is room for output: shows the prompt of a wait that found none.
    void on_room();
    // What the reader or the launcher was asked for.
    void take(InputAnswer answer);

  private:
    bool is_edited() const;
    void ask();
    void show_prompt();  // at an edited terminal: asks for a line with it
    void ask_reader();
    void run_reader();
    void feed();

    Program& program_;
    HostThread& host_thread_;
    // The host thread's own:
    std::string rest_;     // read, but the console had no room for it yet
    bool asking_ = false;  // somebody was asked and has not answered
    bool wanted_ = false;  // another wait has begun since then
    bool late_ = false;    // a wait's prompt had no room

    std::mutex mutex_;
    std::condition_variable asked_;
    // Under mutex_:
    bool ask_ = false;
    bool started_ = false;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_INPUT_H_

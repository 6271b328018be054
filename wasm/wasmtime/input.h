// Input: standard input, read on a thread of its own and only when a thread of Python waits for it.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_INPUT_H_
#define HEDDLE_WASM_WASMTIME_INPUT_H_

#include <condition_variable>
#include <mutex>
#include <string>

namespace heddle::host {

class Page;
class Program;

// Its public members are for the page.
class Input {
  public:
    Input(Program& program, Page& page) : program_(program), page_(page) {}

    // A thread waits for input: shows its prompt, and feeds it what is there or comes.
    void wanted();

  private:
    void feed();
    void ask_reader();
    void run_reader();
    void take(std::string bytes, bool at_end);

    Program& program_;
    Page& page_;
    // The page's own:
    std::string rest_;      // read, but the console had no room for it yet
    bool reading_ = false;  // the reader was asked and has not answered

    std::mutex mutex_;
    std::condition_variable asked_;
    // Under mutex_:
    bool ask_ = false;
    bool started_ = false;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_INPUT_H_

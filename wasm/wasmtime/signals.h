// Signals: this process's, and those that the launcher passes on, brought to Python.
// SPDX-License-Identifier: MIT
//
// Before Python begins, while its code is compiled, each signal ends this process. After that, one
// that Python leaves to its default action ends this process with exit code 128 + signal. So do
// three SIGINTs within two seconds, even if Python handles them, and a signal that the host thread does not take
// within three seconds: a program can damage what that needs. Nobody waits for Python's own handler.
//
// With a launcher (launcher.h) the terminal's own signals are not counted: it passes them on.
#ifndef HEDDLE_WASM_WASMTIME_SIGNALS_H_
#define HEDDLE_WASM_WASMTIME_SIGNALS_H_

#include <atomic>
#include <chrono>
#include <mutex>

namespace heddle::host {

class Program;

// Keeps the signals that are passed on from ending this process. Before any thread is started:
// threads inherit it.
void hold_signals();

class Signals {
  public:
    explicit Signals(Program& program) : program_(program) {}

    // Passes signals on for ever.
    [[noreturn]] void forward();

  private:
    void listen_to_launcher();
    void deliver(int signum);
    // Ends the process if the host thread does not take a signal in time: it may wait for a lock of the program's.
    void watch();
    bool is_one_interrupt_too_many();

    static constexpr unsigned kHardCount = 3;

    Program& program_;
    std::mutex mutex_;
    // Under mutex_: times of the last SIGINTs.
    std::chrono::steady_clock::time_point interrupts_[kHardCount];
    unsigned next_interrupt_ = 0;

    // taken_ never passes posted_. posted_ is raised before is_watched_ is looked at, and looked at after that was
    // cleared (both seq_cst): so each signal has a watcher that began before or after it.
    std::atomic<unsigned> posted_{0};      // signals for the host thread
    std::atomic<unsigned> taken_{0};       // of them, those that it is done with
    std::atomic<int> last_{0};             // the number of the last one
    std::atomic<bool> is_watched_{false};  // a native thread runs watch()
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_SIGNALS_H_

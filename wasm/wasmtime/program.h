// Program: the one running python.wasm: what all its threads share, its beginning and its end.
// SPDX-License-Identifier: MIT
//
// Native threads
//   main          waits for signals, and passes them on (signals.h)
//   host thread   Emscripten's main runtime thread: starts main(), takes output, feeds input, posts
//                 signals. It never waits for anything but its next event (host_thread.h)
//   one each      for Python's threads, main() among them (guest_threads.cpp)
//   writer        writes what the host thread took from the console (output.h)
//   reader        reads standard input when a thread asks for it (input.h)
//
// End
//   The process ends with _exit(): no thread is waited for, and no thread can keep the process.
//   The host thread does it, in finish_on_host_thread(). Any thread may call crash() and
//   end_with_message(), which do not depend on the host thread.
#ifndef HEDDLE_WASM_WASMTIME_PROGRAM_H_
#define HEDDLE_WASM_WASMTIME_PROGRAM_H_

#include <atomic>
#include <memory>
#include <string>

#include "clock.h"
#include "engine.h"
#include "guest_files.h"
#include "guest_threads.h"
#include "host_thread.h"
#include "input.h"
#include "memory.h"
#include "options.h"
#include "output.h"

namespace heddle::host {

class Program {
  public:
    explicit Program(Options options);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Starts the host thread, which loads the module and starts Python. Returns at once, so that
    // signals and the time limit count while the module is compiled.
    void start();
    // Compiles or loads the module, makes the memory and links. Ends the process if that fails. For
    // the host thread, before anything else.
    void load();

    // A thread did something that the program does not survive: says so and ends the process.
    [[noreturn]] void crash(const std::string& reason);
    // Says so and ends the process with the exit code, even if the host thread is stuck or nobody
    // reads the output.
    [[noreturn]] void end_with_message(const std::string& text, int exit_code);

    // Whose end it is: the program's own waits for a slow reader of its output, as everywhere; an
    // end that was forced on it does not wait long.
    enum class End { own, forced };
    // Ends the process with the exit code, after what has been printed. For the host thread.
    [[noreturn]] void finish_on_host_thread(int exit_code, End end);
    // False while the module is loaded: the host thread takes no events yet, nothing was printed.
    bool has_begun() const { return begun_.load(std::memory_order_acquire); }
    // True once the program is on its way out: a signal then ends it at once.
    bool is_ending() const { return ending_.load(std::memory_order_acquire); }

    const Options& options() const { return options_; }
    const Engine& engine() const { return engine_; }
    const Memory& memory() const { return *memory_; }
    wasmtime_instance_pre* instance_pre() const { return instance_pre_; }
    const Clock& clock() const { return clock_; }
    HostThread& host_thread() { return host_thread_; }
    GuestThreads& threads() { return threads_; }
    GuestFiles& files() { return files_; }
    OutputWriter& output() { return output_; }

  private:
    void link(wasmtime_module* module);

    const Options options_;
    const Clock clock_;
    const Engine engine_;
    std::unique_ptr<Memory> memory_;
    wasmtime_instance_pre* instance_pre_ = nullptr;
    OutputWriter output_;
    GuestThreads threads_;
    GuestFiles files_;
    HostThread host_thread_;
    std::atomic<bool> begun_{false};
    std::atomic<bool> ending_{false};
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_PROGRAM_H_

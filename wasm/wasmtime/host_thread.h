// Host thread: Emscripten's main runtime thread, which runs one event after another, never blocking.
// SPDX-License-Identifier: MIT
//
// The word is host.h's. In a browser it is the page's own thread. Here it is a native thread with a
// queue of events. It calls all exports of host.h.
#ifndef HEDDLE_WASM_WASMTIME_HOST_THREAD_H_
#define HEDDLE_WASM_WASMTIME_HOST_THREAD_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "input.h"
#include "thread.h"

namespace heddle::host {

class Program;

class HostThread {
  public:
    explicit HostThread(Program& program) : program_(program), input_(program, *this) {}

    // Has the host thread run it, after what was posted before. Any thread; returns at once.
    void post(std::function<void()> event);
    // The same for what a thread of the program asks for, which may be as much as it likes: it waits while there
    // are too many such events. Only the host thread makes room, and waits for none of those that wait here unless the
    // program made it so. The host thread itself does not wait; what it asks for then is dropped.
    void post_for_guest(std::function<void()> event);
    bool is_own_thread() const {
        return Thread::current() != nullptr && Thread::current() == self_.get();
    }

    // The thread's life: loads the module, starts Python, then runs events until the process ends.
    [[noreturn]] void run();

    // What follows is for the host thread itself, as part of an event.

    // The module's own thread and instance.
    Thread& guest() { return *self_; }
    Input& input() { return input_; }
    // Takes output from the console for as long as there is room for it on its way out.
    void pump_output();
    // The writer of output has room again: what waited for it goes on.
    void on_room();
    // Takes all output that there is at this moment.
    void drain_output();
    // Copies a text with its final 0 into the module's memory; 0 if there is no room.
    uint32_t copy_in(const std::string& text);
    uint32_t copy_in(const uint8_t* data, size_t size);
    // Posts a signal, or ends the process if the program leaves that signal to its default action.
    void signal(int signum);
    void update_terminal();
    // heddle_host_notify() was called.
    void notice(int event);

  private:
    void start_python();
    void give_stdlib_rest();
    void give_stdlib_sources();
    size_t take_chunk();  // the bytes of one chunk; 0: there is none

    Program& program_;
    std::unique_ptr<Thread> self_;
    Input input_;
    uint32_t chunk_ = 0;  // a heddle_console_chunk_t for peek()

    std::mutex mutex_;
    std::condition_variable posted_;
    std::condition_variable fewer_;  // of the program's events than the most
    // Under mutex_:
    std::deque<std::function<void()>> events_;
    size_t of_guest_ = 0;  // of them, posted by post_for_guest()
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_HOST_THREAD_H_

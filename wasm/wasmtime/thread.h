// Thread: one thread of the program: a store, an instance of the module, and calls into it.
// SPDX-License-Identifier: MIT
//
// Overview
//   A wasm module's functions and globals (its stack pointer, its thread-local base) belong to an
//   instance, so each thread has an instance of its own. What they share is the memory, and the
//   compiled code. A store may be used by one thread at a time: each is made by the thread that
//   starts another, and then used by that other only.
#ifndef HEDDLE_WASM_WASMTIME_THREAD_H_
#define HEDDLE_WASM_WASMTIME_THREAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

class Program;

// How a call into wasm ended.
struct Outcome {
    enum class End { returned, unwound, crashed } end;
    wasmtime_val_raw value;  // returned: the result, if the function has one
    std::string reason;      // crashed: why
};

class Thread {
  public:
    // Makes store and instance; nullptr, and *error says why, if there is no room for them.
    static std::unique_ptr<Thread> create(Program& program, std::string* error);
    ~Thread();
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    // The thread that runs on this native thread.
    static Thread* current() { return current_; }
    // Declares that the calling native thread is this one, from now on.
    void bind() { current_ = this; }

    Program& program() const { return program_; }

    // Calls an export. Arguments are integers; at most 6.
    template <typename... Args>
    Outcome call(const char* name, Args... args) {
        wasmtime_val_raw values[sizeof...(Args) + 1] = {};
        size_t i = 0;
        ((values[i++].i32 = static_cast<int32_t>(args)), ...);
        return call_export(name, values, sizeof...(Args) + 1);
    }
    // Calls an export that must return: anything else ends the program. Its result, or 0.
    template <typename... Args>
    int32_t must_call(const char* name, Args... args) {
        return must_return(name, call(name, static_cast<int32_t>(args)...));
    }
    // Calls a function of the table of functions, as a thread's entry is called.
    Outcome call_entry(uint32_t table_index, uint32_t argument);

    // An import of this thread threw Unwind: the call that is under way ends in a trap, which is
    // none.
    void mark_unwound() { unwound_ = true; }

  private:
    explicit Thread(Program& program) : program_(program) {}
    Outcome call_export(const char* name, wasmtime_val_raw* values, size_t count);
    Outcome call_function(wasmtime_func function, wasmtime_val_raw* values, size_t count);
    int32_t must_return(const char* name, const Outcome& outcome);

    static thread_local Thread* current_;

    Program& program_;
    wasmtime_store* store_ = nullptr;
    wasmtime_context* context_ = nullptr;
    wasmtime_instance instance_{};
    bool unwound_ = false;
};

// Runs body on a new native thread that is nobody's to join, with room for wasm's stack. 0 or an
// errno value of this machine.
int start_native_thread(std::function<void()> body);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_THREAD_H_

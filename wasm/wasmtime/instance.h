// Instance: a store with one instance of a module in it, and calls of its functions.
// SPDX-License-Identifier: MIT
//
// A wasm module's functions and globals (its stack pointer, its thread-local base) belong to an
// instance, so each thread has an instance of its own. All share the memory and the compiled code.
// One thread at a time may use a store. The thread that starts another makes its store, and then
// only that other uses it.
#ifndef HEDDLE_WASM_WASMTIME_INSTANCE_H_
#define HEDDLE_WASM_WASMTIME_INSTANCE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

// How a call into wasm ended.
struct Outcome {
    // returned:  value is the result, if the function has one
    // unwound:   an import wanted all frames gone; see mark_unwound()
    // exited:    WASI's proc_exit(); value.i32 is the exit code
    // crashed:   reason and signum say why
    enum class End { returned, unwound, exited, crashed } end;
    wasmtime_val_raw value;
    std::string reason;
    int signum = 0;  // crashed: the signal that a processor would have raised, or 0
};

class Instance {
  public:
    // Prepares a store for its instance; nullptr or what went wrong.
    using Prepare = std::function<wasmtime_error*(wasmtime_context*)>;

    // Makes store and instance. error() says whether that worked; if not, nothing may be called.
    Instance(wasm_engine_t* engine, wasmtime_instance_pre* linked,
             const Prepare& prepare = nullptr);
    ~Instance() { wasmtime_store_delete(store_); }
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // Why there is no instance; "" if there is one.
    const std::string& error() const { return error_; }

    // Calls an export. Arguments and the result, if it has one, are integers; one of another type crashed.
    template <typename... Args>
    Outcome call(const char* name, Args... args) {
        wasmtime_val_raw values[sizeof...(Args) + 1] = {};
        size_t i = 0;
        ((values[i++].i32 = static_cast<int32_t>(args)), ...);
        return call_export(name, values, sizeof...(Args));
    }
    // Calls a function of the table of functions, as a thread's entry is called.
    Outcome call_entry(uint32_t table_index, uint32_t argument);

    // The import that is running returns a trap that is no fault: it ends the call as unwound.
    void mark_unwound() { unwound_ = true; }

  private:
    // values has room for one more than the count arguments: a result.
    Outcome call_export(const char* name, wasmtime_val_raw* values, size_t count);
    // How a call ended that gave these; takes error and trap.
    Outcome outcome_of(wasmtime_error* error, wasm_trap_t* trap, wasmtime_val_raw value);

    wasmtime_store* store_;
    wasmtime_context* context_;
    wasmtime_instance instance_{};
    std::string error_;
    bool unwound_ = false;
};

// What a native thread's stack has room for: wasm's, beside the host's own frames.
enum class Stack { wasm, host };

// Runs body on a new native thread that is nobody's to join. 0 or an errno value of this machine.
int start_native_thread(std::function<void()> body, Stack stack = Stack::wasm);

// The message for such an error. does: what the thread would have done.
std::string cannot_start_thread(const char* does, int error);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_INSTANCE_H_

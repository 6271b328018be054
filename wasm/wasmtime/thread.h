// Thread: one thread of the program, with its instance of python.wasm.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_THREAD_H_
#define HEDDLE_WASM_WASMTIME_THREAD_H_

#include "instance.h"

namespace heddle::host {

class Program;

class Thread : public Instance {
  public:
    explicit Thread(Program& program);

    // The thread that runs on this native thread.
    static Thread* current() { return current_; }
    // Declares that the calling native thread is this one, from now on.
    void bind() { current_ = this; }

    Program& program() const { return program_; }

    // Calls an export that must return: anything else ends the program. Its result, or 0.
    template <typename... Args>
    int32_t must_call(const char* name, Args... args) {
        return must_return(name, call(name, args...));
    }

  private:
    int32_t must_return(const char* name, const Outcome& outcome);

    static thread_local Thread* current_;

    Program& program_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_THREAD_H_

// Guest threads: which of the module's pthreads run, and when their memory may go.
// SPDX-License-Identifier: MIT
//
// A pthread's record, stack and thread-local data are one block of the module's memory. A detached
// thread asks for the block to be freed while it still runs on that stack. So the host thread frees
// it once the native thread has left wasm.
#ifndef HEDDLE_WASM_WASMTIME_GUEST_THREADS_H_
#define HEDDLE_WASM_WASMTIME_GUEST_THREADS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "thread.h"

namespace heddle::host {

class GuestThreads {
  public:
    explicit GuestThreads(Program& program) : program_(program) {}

    // Starts a native thread for the pthread record, which calls the entry. False if there is no
    // room for it, or if there are as many as the command line allows. Any thread.
    bool start(uint32_t pthread, uint32_t entry, uint32_t argument);
    // The pthread has ended, or is about to: its block is to be freed. Any thread.
    void release(uint32_t pthread);

  private:
    bool start_native(uint32_t pthread, uint32_t entry, uint32_t argument);
    void run(Thread& thread, uint32_t pthread, uint32_t entry, uint32_t argument);
    void left(uint32_t pthread);
    void free_block(uint32_t pthread);

    Program& program_;
    // Native threads, from before one is started until it has left wasm for good; start() keeps it at the limit.
    std::atomic<uint32_t> native_{0};
    std::mutex mutex_;
    // Under mutex_: those that run; the value says whether release() was called.
    std::unordered_map<uint32_t, bool> running_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_GUEST_THREADS_H_

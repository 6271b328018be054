// Platform: what the core asks of the machine below it; one folder per host implements it.
// SPDX-License-Identifier: MIT
//
// posix/ is Linux (for tests and sanitizers), emscripten/ is one web worker per carrier behind
// Emscripten's pthreads, wasi/ is the wasi-threads proposal. Sleeping is not here: futex.h.
//
// Tokens
//   A carrier's token is what the host knows it by, in heddle_carrier_failed():
//   emscripten: the pthread_t of the carrier; wasi: its thread id; posix: its start argument.
#ifndef HEDDLE_PLATFORM_H_
#define HEDDLE_PLATFORM_H_

#include <cstddef>
#include <cstdint>

namespace heddle::platform {

// The monotonic clock in nanoseconds; the same on all threads.
int64_t now_ns();

// Whether the calling thread may block. Only the host thread may not.
bool may_block();

// How many threads can really run at once; with one, spinning for another makes no sense.
uint32_t core_count();

// A hint to the processor inside a spin loop.
void relax();

// Makes an operating system's thread or worker that calls carrier_main(start_arg) once. It may
// start before, or long after, this returns, or never, in which case the host calls
// heddle_carrier_failed(*token_out). 0 or EAGAIN. *token_out is set when it returns 0. May
// wait until the host thread has time to make a worker.
int spawn_carrier(uintptr_t start_arg, size_t stack_bytes, uintptr_t* token_out);

// The calling carrier's own token; 0 if the host does not say.
uintptr_t own_carrier_token();

// Ends the calling thread without returning to its entry function.
[[noreturn]] void exit_thread();

// Arranges for internal::forget_this_thread() to be called when the calling thread ends, where the
// host can tell. Used for threads that the core did not start.
void call_on_thread_exit();

// Bytes of stack that the calling thread has; 0 if not known.
size_t own_stack_bytes();

// Prints one line to standard error, then ends the program by a trap.
[[noreturn]] void die(const char* line);

}  // namespace heddle::platform

namespace heddle::internal {

// Called by the platform, in a new carrier, with spawn_carrier()'s start_arg. Returns when the
// carrier is not needed any more.
void carrier_main(uintptr_t start_arg);

// Called by the platform when a thread with call_on_thread_exit() ends. May be called twice.
void forget_this_thread();

}  // namespace heddle::internal

#endif  // HEDDLE_PLATFORM_H_

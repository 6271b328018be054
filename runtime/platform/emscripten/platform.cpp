// Platform: Emscripten, with one pthread (a web worker or Node worker) for each carrier.
// SPDX-License-Identifier: MIT
//
// The host thread is Emscripten's main runtime thread: it loads the workers, so it must never
// block, in Node as little as in a browser.
#include "base/platform.h"

#include <emscripten/emscripten.h>
#include <emscripten/stack.h>
#include <emscripten/threading.h>
#include <pthread.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace heddle::platform {

namespace {

// What pthread_create() needs beside the stack: its own record, thread-local data, alignment.
constexpr size_t kExtraBytes = 64 * 1024;

pthread_key_t g_exit_key;
pthread_once_t g_exit_key_once = PTHREAD_ONCE_INIT;

void* run_carrier(void* start_arg) {
    internal::carrier_main(reinterpret_cast<uintptr_t>(start_arg));
    return nullptr;
}

// Emscripten's pthread_create() writes through what malloc() gave it without a look, so see first
// whether there is enough. (Another thread may take it in between; the margin makes that rare.)
bool has_memory_for(size_t stack_bytes) {
    void* probe = malloc(stack_bytes + kExtraBytes);
    asm volatile("" : "+r"(probe));  // or the optimiser drops the pair and assumes success
    free(probe);
    return probe != nullptr;
}

}  // namespace

int64_t now_ns() {
    // Emscripten adds the worker's time origin, so all threads share the clock.
    return static_cast<int64_t>(emscripten_get_now() * 1e6);
}

bool may_block() { return !emscripten_is_main_runtime_thread(); }

// Asking the host costs an import; a few wasted turns on the rare single core cost less.
uint32_t core_count() {
    static constinit std::atomic<uint32_t> known{0};
    // relaxed: a number that stays, asked for twice at worst
    uint32_t count = known.load(std::memory_order_relaxed);
    if (count == 0) {
        count = static_cast<uint32_t>(emscripten_num_logical_cores());
        known.store(count, std::memory_order_relaxed);
    }
    return count;
}

void relax() { asm volatile(""); }

int spawn_carrier(uintptr_t start_arg, size_t stack_bytes, uintptr_t* token_out) {
    if (!has_memory_for(stack_bytes)) return EAGAIN;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread{};
    // Emscripten's glue passes this to the host thread, where js/src/workers/worker-pool.js gives the
    // worker (getNewWorker); the worker calls run_carrier().
    const int error =
        pthread_create(&thread, &attributes, run_carrier, reinterpret_cast<void*>(start_arg));
    pthread_attr_destroy(&attributes);
    *token_out = reinterpret_cast<uintptr_t>(thread);
    return error == 0 ? 0 : EAGAIN;
}

uintptr_t own_carrier_token() { return reinterpret_cast<uintptr_t>(pthread_self()); }

void exit_thread() { pthread_exit(nullptr); }

void call_on_thread_exit() {
    pthread_once(&g_exit_key_once, [] {
        pthread_key_create(&g_exit_key, [](void*) { internal::forget_this_thread(); });
    });
    pthread_setspecific(g_exit_key, &g_exit_key);
}

size_t own_stack_bytes() { return emscripten_stack_get_base() - emscripten_stack_get_end(); }

void die(const char* line) {
    if (write(STDERR_FILENO, line, strlen(line)) >= 0) (void)!write(STDERR_FILENO, "\n", 1);
    __builtin_trap();
}

}  // namespace heddle::platform

// Platform: Linux, with one detached pthread for each carrier. For tests and sanitizers.
// SPDX-License-Identifier: MIT
#include "base/platform.h"
#include "heddle/timespec.h"

#include <pthread.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "heddle/heddle.h"
#include "spawn_faults.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEDDLE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEDDLE_SANITIZED 1
#endif
#endif

namespace heddle::platform {

namespace {

// What glibc and the sanitizers take from a stack for themselves.
#if defined(HEDDLE_SANITIZED)
constexpr size_t kExtraStackBytes = 256 * 1024;
#else
constexpr size_t kExtraStackBytes = 16 * 1024;
#endif

pthread_key_t g_exit_key;
pthread_once_t g_exit_key_once = PTHREAD_ONCE_INIT;

struct Start {
    uintptr_t start_arg;
    uintptr_t token;
    SpawnFault fault;
    int64_t delay_ns;
};

void sleep_ns(int64_t ns) {
    const timespec time = to_timespec(ns);
    nanosleep(&time, nullptr);
}

void* run_start(void* arg) {
    const Start start = *static_cast<Start*>(arg);
    free(arg);
    if (start.delay_ns > 0) sleep_ns(start.delay_ns);
    if (start.fault == SpawnFault::lost_later) {
        heddle_carrier_failed(start.token);
    } else if (start.fault != SpawnFault::never_starts) {
        internal::carrier_main(start.start_arg);
    }
    return nullptr;
}

int create_detached(Start* start, size_t stack_bytes) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes + kExtraStackBytes);
    pthread_t thread;
    const int error = pthread_create(&thread, &attributes, run_start, start);
    pthread_attr_destroy(&attributes);
    return error;
}

}  // namespace

int64_t now_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return to_ns(now);
}

bool may_block() { return true; }

uint32_t core_count() {
    static const auto count = static_cast<uint32_t>(sysconf(_SC_NPROCESSORS_ONLN));
    return count;
}

void relax() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

int spawn_carrier(uintptr_t start_arg, size_t stack_bytes, uintptr_t* token_out) {
    const uintptr_t token = start_arg + 1;  // never 0
    *token_out = token;
    tell_token(token);
    const SpawnFaultNow now = take_spawn_fault();
    if (now.fault == SpawnFault::fails) return EAGAIN;
    if (now.fault == SpawnFault::lost_before_return) {
        heddle_carrier_failed(token);
        return 0;
    }
    // The new thread frees it.
    auto* const start = static_cast<Start*>(malloc(sizeof(Start)));
    if (start == nullptr) return EAGAIN;
    *start = {.start_arg = start_arg, .token = token, .fault = now.fault, .delay_ns = now.delay_ns};
    if (create_detached(start, stack_bytes) != 0) {
        free(start);
        return EAGAIN;
    }
    return 0;
}

uintptr_t own_carrier_token() { return 0; }

void exit_thread() { pthread_exit(nullptr); }

void call_on_thread_exit() {
    pthread_once(&g_exit_key_once, [] {
        pthread_key_create(&g_exit_key, [](void*) { internal::forget_this_thread(); });
    });
    pthread_setspecific(g_exit_key, &g_exit_key);
}

size_t own_stack_bytes() {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
    void* address = nullptr;
    size_t bytes = 0;
    if (pthread_attr_getstack(&attributes, &address, &bytes) != 0) bytes = 0;
    pthread_attr_destroy(&attributes);
    return bytes;
}

void die(const char* line) {
    const ssize_t written = write(STDERR_FILENO, line, strlen(line));
    if (written >= 0 && write(STDERR_FILENO, "\n", 1) < 0) abort();
    abort();
}

}  // namespace heddle::platform

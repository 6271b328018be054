// The core without Python: threads, a lock, a timed wait, and a signal that ends a sleep.
// SPDX-License-Identifier: MIT
#include <heddle/heddle.h>
#include <stdio.h>
#include <unistd.h>

namespace {

constexpr int kThreads = 4;
constexpr int kSteps = 10'000;
constexpr int kSignal = 10;
constexpr int64_t kMillisecond = 1'000'000;

heddle_lock_t g_lock;  // all zeros: free
long g_sum = 0;        // under g_lock
volatile int g_seen = 0;

// Debian's C library is not made for threads, so a line goes out in one system call.
void say(const char* text, long number) {
    char line[128];
    const int size = snprintf(line, sizeof line, "%s %ld\n", text, number);
    if (write(STDOUT_FILENO, line, static_cast<size_t>(size)) != size) __builtin_trap();
}

void add(void*) {
    for (int i = 0; i < kSteps; i++) {
        heddle_lock_acquire(&g_lock, HEDDLE_FOREVER, /*interruptible=*/false);
        g_sum++;
        heddle_lock_release(&g_lock);
    }
}

void post_soon(void*) {
    heddle_sleep(20 * kMillisecond, /*interruptible=*/false);
    heddle_signal_post(kSignal);
}

void handle(int signum) { g_seen = signum; }

heddle_ident_t start(void (*entry)(void*)) {
    heddle_thread_options_t options = {};
    options.joinable = true;
    heddle_ident_t ident = 0;
    const int error = heddle_thread_start(entry, nullptr, &options, &ident);
    if (error != 0) {
        say("heddle_thread_start() failed:", error);
        _exit(1);
    }
    return ident;
}

}  // namespace

int main() {
    heddle_main_thread_attach();

    heddle_ident_t threads[kThreads];
    for (heddle_ident_t& thread : threads) thread = start(add);
    for (const heddle_ident_t thread : threads) heddle_thread_join(thread, HEDDLE_FOREVER, false);
    say("steps of all threads, none lost:", g_sum);

    heddle_lock_acquire(&g_lock, HEDDLE_FOREVER, /*interruptible=*/false);
    const bool timed_out =
        heddle_lock_acquire(&g_lock, 30 * kMillisecond, /*interruptible=*/true) == HEDDLE_TIMED_OUT;
    say("a second acquire timed out:", timed_out);

    heddle_signal_set_handler(kSignal, handle, nullptr);
    const heddle_ident_t poster = start(post_soon);
    const bool interrupted =
        heddle_sleep(HEDDLE_FOREVER, /*interruptible=*/true) == HEDDLE_INTERRUPTED;
    heddle_thread_join(poster, HEDDLE_FOREVER, false);
    say("the sleep was ended by a signal:", interrupted);
    say("the handler saw:", g_seen);
    return timed_out && interrupted && g_seen == kSignal && g_sum == kThreads * kSteps ? 0 : 1;
}

// Check: counting failures, deadlines, threads.
// SPDX-License-Identifier: MIT
#include "check.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<int> g_failures{0};
std::atomic<int> g_test{0};  // the number of the test that runs

void say(const std::string& line) {
    const std::string text = line + "\n";
    (void)!write(1, text.data(), text.size());
}

}  // namespace

void check(bool ok, const char* text, const char* file, int line) {
    if (ok) return;
    g_failures++;
    say("  FAILED " + std::string(file) + ":" + std::to_string(line) + ": " + text + " (errno " +
        std::to_string(errno) + ")");
}

void check_equal(int64_t actual, int64_t expected, const char* text, const char* file, int line) {
    if (actual == expected) return;
    const int error = errno;
    g_failures++;
    say("  FAILED " + std::string(file) + ":" + std::to_string(line) + ": " + text + " is " +
        std::to_string(actual) + ", not " + std::to_string(expected) + " (errno " +
        std::to_string(error) + ")");
}

void run_test(const char* name, void (*body)(), int64_t limit_ms) {
    const int number = ++g_test;
    std::atomic<bool> done{false};
    TestThread watchdog([&] {
        const int64_t end = now_ms() + limit_ms;
        while (!done && now_ms() < end) sleep_ms(10);
        if (done) return;
        const std::string text = "FAILED test " + std::to_string(number) + " hangs\n";
        (void)!write(2, text.data(), text.size());
        tell_runner("hang");
    });
    const int before = g_failures;
    const int64_t start = now_ms();
    body();
    done = true;
    watchdog.join();
    say((g_failures == before ? "ok " : "not ok ") + std::to_string(number) + " - " + name + " (" +
        std::to_string(now_ms() - start) + " ms)");
}

int failures() { return g_failures; }

void tell_runner(const std::string& words) { say("@" + words); }

TestThread::TestThread(std::function<void()> body) : body_(std::move(body)) {
    const heddle_thread_options_t options{
        .name = "test", .stack_bytes = 256 * 1024, .joinable = true, .daemon = false};
    const int error = heddle_thread_start(
        [](void* self) { static_cast<TestThread*>(self)->body_(); }, this, &options, &ident_);
    if (error != 0) {
        CHECK_EQ(error, 0);
        ident_ = 0;
    }
}

void TestThread::join() {
    if (ident_ == 0) return;
    CHECK_EQ(heddle_thread_join(ident_, HEDDLE_FOREVER, /*interruptible=*/false), 0);
    ident_ = 0;
}

TestThread::~TestThread() { join(); }

InterruptAfter::~InterruptAfter() {
    thread_.join();
    (void)heddle_main_thread_take_interrupt();  // one that nobody waited for
}

// Check: the few lines that the tests of wasm/console and wasm/files need to report and to wait.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_TESTS_FILES_CHECK_H_
#define HEDDLE_TESTS_FILES_CHECK_H_

#include <cerrno>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "heddle/heddle.h"

// Counts a failure and says where it was; the test goes on.
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
// Both values must be equal; they are shown if they are not.
#define CHECK_EQ(actual, expected) check_equal((actual), (expected), #actual, __FILE__, __LINE__)

void check(bool ok, const char* text, const char* file, int line);
void check_equal(int64_t actual, int64_t expected, const char* text, const char* file, int line);

// Runs a test by its name, which is a promise; it fails if it takes longer than the limit.
void run_test(const char* name, void (*body)(), int64_t limit_ms = 10'000);
int failures();

// A line to the runner (run.mjs), which does what it says: see there for the words it knows.
void tell_runner(const std::string& words);

// A joined thread around a lambda.
class TestThread {
  public:
    explicit TestThread(std::function<void()> body);
    ~TestThread();
    TestThread(const TestThread&) = delete;
    TestThread& operator=(const TestThread&) = delete;
    void join();

  private:
    std::function<void()> body_;
    heddle_ident_t ident_ = 0;
};

inline void sleep_ms(int64_t ms) { (void)heddle_sleep(ms * 1'000'000, /*interruptible=*/false); }
inline int64_t now_ms() { return heddle_now_ns() / 1'000'000; }

// Interrupts the main thread after that time, as Ctrl-C would.
class InterruptAfter {
  public:
    explicit InterruptAfter(int64_t ms) : thread_([ms] { sleep_ms(ms), heddle_signal_post(2); }) {}
    ~InterruptAfter();

  private:
    TestThread thread_;
};

void test_output();
void test_input();
void test_pipes();
void test_sockets();
void test_poll();
void test_archives();
void test_host_files(const char* host_folder);

#endif  // HEDDLE_TESTS_FILES_CHECK_H_

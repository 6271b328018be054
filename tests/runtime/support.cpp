// Test support: threads from lambdas, the watchdog, and the check after each test.
// SPDX-License-Identifier: MIT
#include "support.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "heddle/event.h"
#include "heddle/thread.h"

namespace heddle::test {

namespace {

constexpr int64_t kTestLimitNs = 50 * kSecond;

// 0: no test is running.
std::atomic<int64_t> g_test_started_ns{0};

void run_body(void* arg) {
    const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(arg));
    (*body)();
}

void watch() {
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        const int64_t started = g_test_started_ns.load();
        if (started == 0 || now_ns() - started < kTestLimitNs) continue;
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        fprintf(stderr, "watchdog: %s.%s did not end in time. Threads:\n%s\n",
                test != nullptr ? test->test_suite_name() : "?",
                test != nullptr ? test->name() : "?", snapshot().c_str());
        abort();
    }
}

class Checks : public ::testing::EmptyTestEventListener {
    void OnTestStart(const ::testing::TestInfo&) override { g_test_started_ns.store(now_ns()); }
    void OnTestEnd(const ::testing::TestInfo&) override {
        (void)heddle_main_thread_take_interrupt();
        // Detached and foreign threads may need a moment to end.
        for (int i = 0; i < 2000 && thread_records_in_use() > 1; i++) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        EXPECT_EQ(thread_records_in_use(), 1U) << "threads are left: " << snapshot();
        EXPECT_EQ(heddle_thread_count(), 1U);
        g_test_started_ns.store(0);
    }
};

}  // namespace

void work(uint32_t steps) {
    for (uint32_t i = 0; i < steps; i++) asm volatile("");
}

Thread::Thread(std::function<void()> body, heddle_thread_options_t options) {
    options.joinable = true;
    auto* const copy = new std::function<void()>(std::move(body));
    const int error = heddle_thread_start(run_body, copy, &options, &ident_);
    if (error == 0) return;
    delete copy;
    ADD_FAILURE() << "heddle_thread_start: error " << error;
}

void Thread::join() {
    if (ident_ == 0) return;
    EXPECT_EQ(heddle_thread_join(ident_, HEDDLE_FOREVER, false), 0);
    ident_ = 0;
}

void run_threads(uint32_t count, const std::function<void(uint32_t)>& body) {
    Event go;
    std::vector<Thread> threads;
    threads.reserve(count);
    for (uint32_t i = 0; i < count; i++) {
        threads.emplace_back([&, i] {
            go.wait(kNever, Interruptible::no);
            body(i);
        });
    }
    go.set();
}

void wait_until(const std::function<bool()>& condition, const char* what) {
    const Deadline deadline = deadline_after(10 * kSecond);
    while (!condition()) {
        if (is_over(deadline)) {
            ADD_FAILURE() << "waited in vain until " << what << ": " << snapshot();
            return;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
}

std::string snapshot() {
    std::string text(heddle_threads_snapshot(nullptr, 0) + 4096, '\0');
    text.resize(std::min(heddle_threads_snapshot(text.data(), text.size()), text.size() - 1));
    return text;
}

std::string snapshot_of(heddle_ident_t ident) {
    const std::string text = snapshot();
    const size_t start = text.find("{\"ident\":" + std::to_string(ident) + ",");
    if (start == std::string::npos) return "";
    const size_t end = text.find("\"stackBytes\"", start);
    return text.substr(start, text.find('}', end) + 1 - start);
}

void wait_until_waiting(heddle_ident_t ident, const char* kind) {
    const std::string wanted = std::string("\"kind\":\"") + kind + "\"";
    wait_until([&] { return snapshot_of(ident).find(wanted) != std::string::npos; }, kind);
}

}  // namespace heddle::test

int main(int argc, char** argv) {
    heddle_main_thread_attach();
    ::testing::InitGoogleTest(&argc, argv);
    ::testing::UnitTest::GetInstance()->listeners().Append(new heddle::test::Checks);
    std::thread(heddle::test::watch).detach();
    return RUN_ALL_TESTS();
}

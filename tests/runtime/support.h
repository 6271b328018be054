// Test support: threads from lambdas, a seed, sizes that sanitizers can bear, and a watchdog.
// SPDX-License-Identifier: MIT
//
// Every test has a deadline: main() in support.cpp starts a watchdog that prints
// heddle_threads_snapshot() and aborts. After every test it checks that the thread table is empty
// again but for the main thread.
#ifndef HEDDLE_TESTS_SUPPORT_H_
#define HEDDLE_TESTS_SUPPORT_H_

#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heddle/heddle.h"
#include "heddle/time.h"
#include "heddle/wait.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEDDLE_SANITIZED 1
#endif
#endif

namespace heddle::test {

#if defined(HEDDLE_SANITIZED)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// A count for stress tests, smaller under sanitizers.
constexpr uint32_t scaled(uint32_t count) { return kSanitized ? (count + 7) / 8 : count; }

// What a wait may be late by: 5 ms on a quiet machine, more where others work too.
inline constexpr int64_t kLateNs = 2 * kSecond;

// A small random generator; the seed is in the test's parameters.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
    uint32_t below(uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>((state_ >> 32) % limit);
    }

  private:
    uint64_t state_;
};

// Keeps the processor busy for about that many steps.
void work(uint32_t steps);

// A joinable Heddle thread that runs a function; joined at the end of its scope.
class Thread {
  public:
    explicit Thread(std::function<void()> body, heddle_thread_options_t options = {});
    Thread(Thread&& other) noexcept : ident_(other.ident_) { other.ident_ = 0; }
    Thread(const Thread&) = delete;
    ~Thread() { join(); }
    void join();
    // Somebody else has joined or detached it.
    void forget() { ident_ = 0; }
    heddle_ident_t ident() const { return ident_; }

  private:
    heddle_ident_t ident_ = 0;
};

// Runs body(index) in `count` threads that begin together, and waits for all.
void run_threads(uint32_t count, const std::function<void(uint32_t)>& body);

// Whether a static object is all zeros: then a table of such takes no bytes in a program's file.
template <typename Object>
bool is_all_zeros(const Object& object) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(&object);
    return std::all_of(bytes, bytes + sizeof object, [](unsigned char byte) { return byte == 0; });
}

// Waits until the condition holds; fails the test after 10 s.
void wait_until(const std::function<bool()>& condition, const char* what);

std::string snapshot();

// The snapshot's object of one thread, "" if it is not there.
std::string snapshot_of(heddle_ident_t ident);

// Waits until the thread is shown as waiting for `kind`.
void wait_until_waiting(heddle_ident_t ident, const char* kind);

// The name of a parameter set, from its field `name`.
template <typename Params>
std::string name_of(const ::testing::TestParamInfo<Params>& info) {
    return info.param.name;
}

}  // namespace heddle::test

#endif  // HEDDLE_TESTS_SUPPORT_H_

// Futex: sleeping until a 32-bit word changes; the one place that knows how the host does it.
// SPDX-License-Identifier: MIT
#include "heddle/futex.h"

#include <algorithm>
#include <climits>

#include "base/platform.h"
#include "heddle/timespec.h"
#include "park/look.h"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <ctime>
#elif !defined(__wasm__)
#error "heddle: no futex for this host: add one here"
#endif

namespace heddle {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
static_assert(std::atomic<uint32_t>::is_always_lock_free);

namespace {

// The host thread's wait: looks at the word for a bounded time.
bool spin_wait(std::atomic<uint32_t>& word, uint32_t expected, Deadline deadline) {
    return look_while(word, expected, std::min(deadline, now_ns() + kHostThreadSpinNs)) ||
           !is_over(deadline);
}

#if defined(__wasm__)

bool host_wait(std::atomic<uint32_t>& word, uint32_t expected, Deadline deadline) {
    const int64_t timeout = deadline == kNever ? -1 : time_left_ns(deadline);
    constexpr int kTimedOut = 2;
    return __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&word),
                                               static_cast<int>(expected), timeout) != kTimedOut;
}

void host_wake(std::atomic<uint32_t>& word, uint32_t count) {
    __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&word), count);
}

#else

bool host_wait(std::atomic<uint32_t>& word, uint32_t expected, Deadline deadline) {
    const timespec until = to_timespec(deadline);
    // FUTEX_WAIT_BITSET takes an absolute time of the monotonic clock, FUTEX_WAIT does not.
    const long result =
        syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                deadline == kNever ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
    return !(result == -1 && errno == ETIMEDOUT);
}

void host_wake(std::atomic<uint32_t>& word, uint32_t count) {
    const uint32_t n = count > INT_MAX ? INT_MAX : count;
    syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, n, nullptr, nullptr, 0);
}

#endif

}  // namespace

bool futex_wait(std::atomic<uint32_t>& word, uint32_t expected, Deadline deadline) {
    if (!platform::may_block()) return spin_wait(word, expected, deadline);
    return host_wait(word, expected, deadline < 0 ? 0 : deadline);
}

void futex_wake(std::atomic<uint32_t>& word, uint32_t count) { host_wake(word, count); }

}  // namespace heddle

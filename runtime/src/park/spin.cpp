// Spin: when it is worth it, and for how long.
// SPDX-License-Identifier: MIT
#include "park/spin.h"

#include <algorithm>

#include "base/platform.h"
#include "park/look.h"
#include "park/parker.h"

namespace heddle {

namespace {

constexpr uint8_t kMostMisses = 4;  // then one wait in sixteen spins

constinit std::atomic<uint32_t> g_spinners{0};  // N1

// relaxed throughout: a number that orders nothing
class Spinning {
  public:
    Spinning() : before_(g_spinners.fetch_add(1, std::memory_order_relaxed)) {}
    ~Spinning() { g_spinners.fetch_sub(1, std::memory_order_relaxed); }
    Spinning(const Spinning&) = delete;
    Spinning& operator=(const Spinning&) = delete;
    bool allowed() const { return before_ + 1 < platform::core_count(); }

  private:
    const uint32_t before_;
};

}  // namespace

bool may_end_soon(WaitKind kind) {
    switch (kind) {
        case WaitKind::lock:
        case WaitKind::rlock:
        case WaitKind::semaphore:
        case WaitKind::event:
        case WaitKind::condition:
        case WaitKind::thread:
        case WaitKind::interpreter:
            return true;
        case WaitKind::none:
        case WaitKind::sleep:
        case WaitKind::signal:
        case WaitKind::io:
            return false;
    }
    return false;
}

void spin_while_empty(const std::atomic<uint32_t>& park_word, Deadline deadline,
                      SpinHistory& history) {
    if (history.skip > 0) {  // N2
        history.skip--;
        return;
    }
    const Spinning spinning;
    if (!spinning.allowed()) return;
    if (look_while(park_word, kEmpty, std::min(deadline, now_ns() + kSpinNs))) {
        history.misses = 0;
        return;
    }
    history.misses = std::min<uint8_t>(history.misses + 1, kMostMisses);
    history.skip = static_cast<uint8_t>((1U << history.misses) - 1);
}

}  // namespace heddle

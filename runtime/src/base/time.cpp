// Time: the monotonic clock and absolute deadlines on it.
// SPDX-License-Identifier: MIT
#include "heddle/time.h"

#include "base/platform.h"
#include "heddle/heddle.h"

namespace heddle {

int64_t now_ns() { return platform::now_ns(); }

Deadline deadline_after(int64_t timeout_ns) {
    if (timeout_ns < 0) return kNever;
    const int64_t now = now_ns();
    return timeout_ns >= kNever - now ? kNever : now + timeout_ns;
}

int64_t time_left_ns(Deadline deadline) {
    if (deadline == kNever) return kNever;
    const int64_t left = deadline - now_ns();
    return left > 0 ? left : 0;
}

}  // namespace heddle

extern "C" int64_t heddle_now_ns(void) { return heddle::now_ns(); }

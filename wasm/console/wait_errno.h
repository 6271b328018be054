// wait_errno: the errno for a wait that ended without what was waited for.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CONSOLE_WAIT_ERRNO_H_
#define HEDDLE_WASM_CONSOLE_WAIT_ERRNO_H_

#include <emscripten/threading.h>
#include <errno.h>

#include "heddle/wait.h"

namespace heddle {

// A deadline that is over at once: the call may not wait.
inline constexpr Deadline kAtOnce = 0;

constexpr int wait_errno(WaitResult result) {
    return result == WaitResult::interrupted ? EINTR : EAGAIN;
}

// How long a call may wait: as long as it takes, unless the descriptor says O_NONBLOCK or this is
// the host thread, which may not block.
inline Deadline io_deadline(bool nonblocking) {
    return nonblocking || emscripten_is_main_runtime_thread() ? kAtOnce : kNever;
}

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_WAIT_ERRNO_H_

// I/O waits: how long a call on a descriptor may wait, and the errno of a wait that was in vain.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_STREAMS_IO_WAIT_H_
#define HEDDLE_WASM_STREAMS_IO_WAIT_H_

#include <emscripten/threading.h>
#include <errno.h>

#include "heddle/wait.h"

namespace heddle {

// Whether the calling thread is the host thread, which may not block.
inline bool is_host_thread() { return emscripten_is_main_runtime_thread(); }

// A deadline that is over at once: the call may not wait.
inline constexpr Deadline kAtOnce = 0;

// The errno for a wait that ended without what was waited for.
constexpr int wait_errno(WaitResult result) {
    return result == WaitResult::interrupted ? EINTR : EAGAIN;
}

// How long a call may wait: as long as it takes, unless the descriptor says O_NONBLOCK or this is
// the host thread, which may not block.
inline Deadline io_deadline(bool nonblocking) {
    return nonblocking || is_host_thread() ? kAtOnce : kNever;
}

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_IO_WAIT_H_

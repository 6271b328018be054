// Exit: _Exit(), and so Python's os._exit(), ends the whole program from whichever thread calls it.
// SPDX-License-Identifier: MIT
//
// Emscripten's own _Exit() only asks the host thread to leave its event loop. While main() runs the
// host thread does not, and the caller waits for ever. This one takes its place at link time: it
// leaves the exit code, tells the host, and waits for the host to end all threads.
#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "host/host.h"

namespace {

std::atomic<int> exit_code{0};  // the first caller's; later ones come too late
std::atomic<bool> exiting{false};

}  // namespace

extern "C" {

int heddle_program_exit_code(void) {
    return exit_code.load(std::memory_order_acquire);  // pairs with the release in _Exit()
}

_Noreturn void _Exit(int code) {
    if (!exiting.exchange(true, std::memory_order_acq_rel)) {
        exit_code.store(code, std::memory_order_release);
        heddle_host_notify(HEDDLE_EVENT_EXIT);
    }
    // The host thread, which may not wait, never comes here: no export calls _Exit().
    static int32_t never = 0;
    for (;;) __builtin_wasm_memory_atomic_wait32(&never, 0, /*timeout_ns=*/-1);
}

}  // extern "C"

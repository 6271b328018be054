// Signal action: what the program does about a signal, for a host that gets one from outside.
// SPDX-License-Identifier: MIT
#include "heddle/signals.h"
#include "host/host.h"

extern "C" {

int heddle_program_signal_action(int signum) {
    const bool is_blocked =
        heddle::is_signal(signum) && (heddle::blocked_signals() & heddle::signal_bit(signum)) != 0;
    if (is_blocked) return HEDDLE_SIGNAL_HANDLED;
    const heddle_signal_handler_t handler = heddle::signal_handler(signum);
    if (handler == HEDDLE_SIG_DEFAULT) return HEDDLE_SIGNAL_DEFAULT;
    return handler == HEDDLE_SIG_IGNORE ? HEDDLE_SIGNAL_IGNORED : HEDDLE_SIGNAL_HANDLED;
}

}  // extern "C"

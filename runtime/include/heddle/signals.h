// Signals: the handler table, blocked and pending signals, and waiting for one.
// SPDX-License-Identifier: MIT
//
// Overview
//   heddle.h has the part that programs use. This header adds what a libc needs on top: a mask of
//   blocked signals, the set of pending ones, and waiting for a pending one.
//
// Who may do what
//   Any thread, the host thread too, may set a handler and post; a handler runs at once on the
//   thread that posts. There is one mask, the main thread's, because signals are delivered to the
//   main thread; only the main thread changes it.
//
// Memory order
//   Handlers are stored with release and loaded with acquire, so a handler sees what was done
//   before it was set. A handler's effects are visible to the main thread when its wait has ended
//   as interrupted: the interrupt flag is stored with release and taken with acquire.
#ifndef HEDDLE_SIGNALS_H_
#define HEDDLE_SIGNALS_H_

#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/wait.h"

namespace heddle {

// A set of signals: bit n - 1 is signal n. 64 signals fit exactly.
using SignalSet = uint64_t;
static_assert(HEDDLE_NSIG == 65);

constexpr bool is_signal(int signum) { return signum > 0 && signum < HEDDLE_NSIG; }
constexpr SignalSet signal_bit(int signum) { return SignalSet{1} << (signum - 1); }

// The handler at this moment; HEDDLE_SIG_DEFAULT for numbers that are not signals.
heddle_signal_handler_t signal_handler(int signum);

// The main thread's blocked signals. A blocked signal that is posted becomes pending.
SignalSet blocked_signals();
// Replaces them and posts the pending ones that are free now through `post`. Main thread only.
void set_blocked_signals(SignalSet blocked, void (*post)(int signum));

SignalSet pending_signals();
// Takes the lowest pending signal of the set; 0 if there is none. Any thread.
int take_pending_signal(SignalSet set);
// Marks the signal as pending and wakes those that wait for it. Does not block for long; any
// thread.
void add_pending_signal(int signum);
// Waits until a signal of the set is pending, takes it and stores its number. Blocks.
WaitResult wait_for_signal(SignalSet set, Deadline deadline, Interruptible interruptible,
                           int* signum_out);

// For programs whose handlers only note the signal, so that code of their own runs later in the main
// thread, as CPython's do. `check` says whether any such code is due; it runs in the main thread. An
// interrupt with nothing due is old news, and does not end a pause(). Null: every interrupt counts.
void set_due_check(bool (*check)());
// What `check` says; true when there is none.
bool handlers_are_due();

}  // namespace heddle

#endif  // HEDDLE_SIGNALS_H_

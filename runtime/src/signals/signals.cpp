// Signals: the handler table, blocked and pending signals, and waiting for a signal.
// SPDX-License-Identifier: MIT
#include "heddle/signals.h"

#include <atomic>
#include <bit>
#include <cerrno>

#include "heddle/parking_lot.h"
#include "park/interrupt.h"
#include "park/sleeper.h"

namespace heddle {

namespace {

constinit std::atomic<heddle_signal_handler_t> g_handlers[HEDDLE_NSIG];
constinit std::atomic<SignalSet> g_blocked{0};  // written by the main thread
constinit std::atomic<SignalSet> g_pending{0};
constinit std::atomic<uint32_t> g_signal_waiters{0};
constinit bool (*g_due_check)() = nullptr;  // the main thread's

bool is_handled(heddle_signal_handler_t handler) {
    return handler != HEDDLE_SIG_DEFAULT && handler != HEDDLE_SIG_IGNORE;
}

}  // namespace

heddle_signal_handler_t signal_handler(int signum) {
    // acquire: pairs with the release in heddle_signal_set_handler()
    return is_signal(signum) ? g_handlers[signum].load(std::memory_order_acquire)
                             : HEDDLE_SIG_DEFAULT;
}

// The mask and the pending set are used seq_cst: a poster reads the mask and then adds to the
// pending set, the main thread changes the mask and then reads the pending set.

SignalSet blocked_signals() { return g_blocked.load(); }

void set_blocked_signals(SignalSet blocked, void (*post)(int signum)) {
    g_blocked.store(blocked);
    while (const int signum = take_pending_signal(~blocked)) post(signum);
}

SignalSet pending_signals() { return g_pending.load(); }

int take_pending_signal(SignalSet set) {
    SignalSet pending = g_pending.load();
    while ((pending & set) != 0) {
        const int signum = std::countr_zero(pending & set) + 1;
        if (g_pending.compare_exchange_weak(pending, pending & ~signal_bit(signum))) return signum;
    }
    return 0;
}

void add_pending_signal(int signum) {
    g_pending.fetch_or(signal_bit(signum));
    // The waiter counts itself before it looks at the pending set, so one of the two sees the
    // other.
    if (g_signal_waiters.load() != 0) ParkingLot::unpark_all(&g_pending);
    // Unblocked meanwhile? Then the main thread may have missed it, and it is ours to post.
    if ((blocked_signals() & signal_bit(signum)) == 0 &&
        take_pending_signal(signal_bit(signum)) != 0) {
        (void)heddle_signal_post(signum);
    }
}

WaitResult wait_for_signal(SignalSet set, Deadline deadline, Interruptible interruptible,
                           int* signum_out) {
    g_signal_waiters.fetch_add(1);
    WaitResult result = WaitResult::acquired;
    for (;;) {
        *signum_out = take_pending_signal(set);
        if (*signum_out != 0) break;
        const ParkOutcome outcome =
            ParkingLot::park({.address = &g_pending,
                              .kind = WaitKind::signal,
                              .deadline = deadline,
                              .interruptible = interruptible},
                             [set] { return (pending_signals() & set) == 0; });
        result = to_wait_result(outcome.result);
        if (result != WaitResult::acquired) break;
    }
    g_signal_waiters.fetch_sub(1);
    return result;
}

void set_due_check(bool (*check)()) { g_due_check = check; }

bool handlers_are_due() { return g_due_check == nullptr || g_due_check(); }

}  // namespace heddle

using namespace heddle;

extern "C" {

int heddle_signal_set_handler(int signum, heddle_signal_handler_t handler,
                              heddle_signal_handler_t* previous_out) {
    if (!is_signal(signum)) return EINVAL;
    // release: the handler sees what was done before it was set
    const heddle_signal_handler_t previous =
        g_handlers[signum].exchange(handler, std::memory_order_acq_rel);
    if (previous_out != nullptr) *previous_out = previous;
    return 0;
}

int heddle_signal_post(int signum) {
    if (!is_signal(signum)) return EINVAL;
    if ((blocked_signals() & signal_bit(signum)) != 0) {
        add_pending_signal(signum);
        return 0;
    }
    const heddle_signal_handler_t handler = signal_handler(signum);
    if (!is_handled(handler)) return 0;
    // libc's sigaction() set it (libc/libc_signals.cpp); CPython's, in Modules/signalmodule.c, sets a
    // flag. It runs here, on the host thread if that posts.
    handler(signum);
    if (!is_main_thread()) post_interrupt();
    return 0;
}

}  // extern "C"

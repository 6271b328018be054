// libc signals: sigaction, raise, kill, masks and waiting, on the core's signal table.
// SPDX-License-Identifier: MIT
//
// Overview
//   These definitions take the place of Emscripten's at link time. A library member is only linked
//   for a symbol that is still missing, so each group here defines every symbol of the members it
//   replaces that others ask for: sigaction.o (sigaction, __sigaction), raise.o, kill.o,
//   pthread_kill.o, pthread_sigmask.o (pthread_sigmask, sigpending), sigtimedwait.o, sigwait.o,
//   sigaltstack.o, abort.o.
//   signal(), sigprocmask(), sigwaitinfo(), siginterrupt() and killpg() stay libc's: they are
//   written with the ones above.
//
// Differences from a kernel
//   Handlers run on the thread that sends the signal. There is one pending set. The mask that
//   counts is the main thread's; another thread's own mask holds back only what it raises itself.
//   Stopping and continuing a process do nothing. SA_RESTART, and so siginterrupt(s, False), has no
//   effect: what a signal interrupts ends with EINTR, and is the caller's to call again.
//
// Traps
//   What a processor makes a signal of (a division by zero, a wild pointer) is a trap here: it ends
//   the thread's code, and the host ends the program. Before that the host calls
//   heddle_signal_trapped() on the thread, so that a handler such as faulthandler's can still
//   speak.
#include "libc/libc_signals.h"

#include <emscripten/emscripten.h>
#include <emscripten/stack.h>
#include <emscripten/threading.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/platform.h"
#include "heddle/parking_lot.h"
#include "heddle/signals.h"
#include "heddle/timespec.h"
#include "park/sleeper.h"
#include "park/word_lock.h"

extern "C" void _emscripten_stack_restore(uintptr_t pointer);

namespace heddle {

namespace {

static_assert(_NSIG == HEDDLE_NSIG);

// SIG_DFL and SIG_IGN go to the core as they are: Emscripten's are HEDDLE_SIG_DEFAULT (0) and
// HEDDLE_SIG_IGNORE (-2).

// What pthread_cancel() sends; it is a flag in the target already, and needs no handler.
constexpr int kCancelSignal = 33;

constinit WordLock g_actions_lock;
struct sigaction g_actions[HEDDLE_NSIG] HEDDLE_GUARDED_BY(g_actions_lock);

// A thread's own mask; the main thread's is in the core.
constinit thread_local SignalSet t_blocked = 0;

// The thread's code is at its end, and the host is about to end the program.
constinit thread_local bool t_trapped = false;

// What sigaltstack() set.
constexpr stack_t kNoStack = {.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
constinit thread_local stack_t t_trap_stack = kNoStack;

constexpr SignalSet kNeverBlocked = signal_bit(SIGKILL) | signal_bit(SIGSTOP);

SignalSet to_set(const sigset_t* set) {
    SignalSet bits = 0;
    static_assert(sizeof bits <= sizeof *set);
    memcpy(&bits, set, sizeof bits);
    return bits;
}

sigset_t from_set(SignalSet bits) {
    sigset_t set;
    memset(&set, 0, sizeof set);
    memcpy(&set, &bits, sizeof bits);
    return set;
}

bool is_ignored_by_default(int signum) {
    switch (signum) {
        case SIGCHLD:
        case SIGURG:
        case SIGWINCH:
        case SIGCONT:
        case SIGSTOP:
        case SIGTSTP:
        case SIGTTIN:
        case SIGTTOU:
            return true;
        default:
            return false;
    }
}

bool has_flag(const struct sigaction& action, unsigned flag) {
    return (static_cast<unsigned>(action.sa_flags) & flag) != 0;
}

// The core's handler for actions that need more than a call with the number.
void run_action(int signum) {
    struct sigaction action;
    {
        WordGuard guard(g_actions_lock);
        action = g_actions[signum];
        if (has_flag(action, SA_RESETHAND)) {
            g_actions[signum] = {};
            heddle_signal_set_handler(signum, HEDDLE_SIG_DEFAULT, nullptr);
        }
    }
    if (!has_flag(action, SA_SIGINFO)) {
        action.sa_handler(signum);
        return;
    }
    siginfo_t info = {};
    info.si_signo = signum;
    info.si_code = SI_USER;
    info.si_pid = getpid();
    action.sa_sigaction(signum, &info, nullptr);
}

heddle_signal_handler_t core_handler_for(const struct sigaction& action) {
    const bool is_plain = action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN;
    const bool needs_more = has_flag(action, SA_SIGINFO) || has_flag(action, SA_RESETHAND);
    return needs_more && !is_plain ? run_action : action.sa_handler;
}

// Not inlined: its variables belong on the stack that heddle_signal_trapped() chose.
[[gnu::noinline]] void call_trap_handler(int signum) {
    const heddle_signal_handler_t handler = signal_handler(signum);
    if (handler != HEDDLE_SIG_DEFAULT && handler != HEDDLE_SIG_IGNORE) handler(signum);
}

int fail_with(int error) {
    errno = error;
    return -1;
}

// Ends the program as a shell sees a signal end it. On the host thread by a JavaScript error, which
// the host expects from its calls.
[[noreturn]] void end_program(int signum) {
    // Else the host thread would only leave this call: it keeps the program alive for main().
    if (!platform::may_block()) emscripten_force_exit(128 + signum);
    // exit() and not _Exit(): the latter leaves the host thread, and so the program, alive.
    exit(128 + signum);
}

SignalSet own_mask() { return is_main_thread() ? blocked_signals() : t_blocked; }

void set_own_mask(SignalSet blocked) {
    if (is_main_thread()) {
        set_blocked_signals(blocked, deliver_signal);
        return;
    }
    t_blocked = blocked;
    while (const int signum = take_pending_signal(~blocked & ~blocked_signals())) {
        deliver_signal(signum);
    }
}

}  // namespace

void deliver_signal(int signum) {
    if ((blocked_signals() & signal_bit(signum)) != 0) {
        add_pending_signal(signum);
        return;
    }
    if (signal_handler(signum) != HEDDLE_SIG_DEFAULT) {
        (void)heddle_signal_post(signum);
        return;
    }
    if (is_ignored_by_default(signum) || t_trapped) return;
    end_program(signum);
}

}  // namespace heddle

using namespace heddle;

extern "C" {

int __sigaction(int signum, const struct sigaction* action, struct sigaction* former) {
    if (!is_signal(signum)) return fail_with(EINVAL);
    if (action != nullptr && (signum == SIGKILL || signum == SIGSTOP)) return fail_with(EINVAL);
    WordGuard guard(g_actions_lock);
    // Somebody may have set a handler in the core directly; then that is the former action.
    const heddle_signal_handler_t current = signal_handler(signum);
    if (core_handler_for(g_actions[signum]) != current) {
        g_actions[signum] = {};
        g_actions[signum].sa_handler = current;
    }
    const struct sigaction before = g_actions[signum];
    if (action != nullptr) {
        g_actions[signum] = *action;
        heddle_signal_set_handler(signum, core_handler_for(*action), nullptr);
    }
    if (former != nullptr) *former = before;
    return 0;
}

int sigaction(int signum, const struct sigaction* action, struct sigaction* former)
    __attribute__((alias("__sigaction")));

int raise(int signum) {
    if (signum == 0) return 0;  // as kill() has it: a look, no signal
    if (!is_signal(signum)) return fail_with(EINVAL);
    if ((own_mask() & signal_bit(signum)) != 0) {
        add_pending_signal(signum);
    } else {
        deliver_signal(signum);
    }
    return 0;
}

int kill(pid_t pid, int signum) {
    if (signum < 0 || signum >= HEDDLE_NSIG) return fail_with(EINVAL);
    // 0 and -1: the group and everybody, which is this process alone.
    if (pid != getpid() && pid != 0 && pid != -1) return fail_with(ESRCH);
    if (signum != 0) deliver_signal(signum);
    return 0;
}

int pthread_kill(pthread_t thread, int signum) {
    if (signum < 0 || signum >= HEDDLE_NSIG) return EINVAL;
    if (thread == pthread_t{}) return ESRCH;
    if (signum == 0 || signum == kCancelSignal) return 0;
    if (pthread_equal(thread, pthread_self())) return raise(signum) == 0 ? 0 : errno;
    deliver_signal(signum);
    return 0;
}

int pthread_sigmask(int how, const sigset_t* set, sigset_t* former) {
    const SignalSet before = own_mask();
    if (set != nullptr) {
        SignalSet blocked = to_set(set);
        switch (how) {
            case SIG_SETMASK:
                break;
            case SIG_BLOCK:
                blocked |= before;
                break;
            case SIG_UNBLOCK:
                blocked = before & ~blocked;
                break;
            default:
                return EINVAL;
        }
        set_own_mask(blocked & ~kNeverBlocked);
    }
    if (former != nullptr) *former = from_set(before);
    return 0;
}

int sigpending(sigset_t* set) {
    *set = from_set(pending_signals());
    return 0;
}

int sigtimedwait(const sigset_t* set, siginfo_t* info, const struct timespec* timeout) {
    Deadline deadline = kNever;
    if (timeout != nullptr) {
        if (!is_valid(*timeout)) return fail_with(EINVAL);
        deadline = deadline_after(to_ns(*timeout));
    }
    int signum = 0;
    switch (wait_for_signal(to_set(set), deadline, Interruptible::yes, &signum)) {
        case WaitResult::timed_out:
            return fail_with(EAGAIN);
        case WaitResult::interrupted:
            return fail_with(EINTR);
        case WaitResult::acquired:
            break;
    }
    if (info != nullptr) {
        *info = {};
        info->si_signo = signum;
        info->si_code = SI_USER;
        info->si_pid = getpid();
    }
    return signum;
}

int sigwait(const sigset_t* set, int* signum) {
    int taken = 0;
    do {
        taken = sigtimedwait(set, nullptr, nullptr);
    } while (taken == -1 && errno == EINTR);
    if (taken == -1) return errno;
    *signum = taken;
    return 0;
}

// Used for traps, after which the thread's own stack may be full. Handlers of signals that are sent
// run on the sender's stack, which has room. faulthandler asks for one.
int sigaltstack(const stack_t* wanted, stack_t* former) {
    if (former != nullptr) *former = t_trap_stack;
    if (wanted == nullptr) return 0;
    const bool disables = (wanted->ss_flags & SS_DISABLE) != 0;
    if (!disables && wanted->ss_size < MINSIGSTKSZ) return fail_with(ENOMEM);
    t_trap_stack = disables ? kNoStack : *wanted;
    return 0;
}

// Emscripten's own throws a JavaScript error, past every handler.
_Noreturn void abort(void) {
    (void)raise(SIGABRT);
    // Ignored, blocked, or its handler has returned: all the same to abort().
    end_program(SIGABRT);
}

void heddle_signal_trapped(int signum) {
    t_trapped = true;
    // Before any call that may need the stack. Nobody returns to what lies on the thread's own.
    if (t_trap_stack.ss_sp != nullptr) {
        const auto end = reinterpret_cast<uintptr_t>(t_trap_stack.ss_sp);
        _emscripten_stack_restore((end + t_trap_stack.ss_size) & ~uintptr_t{15});
    }
    call_trap_handler(signum);
}

int pause(void) {
    // Nobody unparks this address: only a signal ends it, and only in the main thread.
    const ParkRequest request = {
        .address = &g_actions, .kind = WaitKind::signal, .interruptible = Interruptible::yes};
    do {
        (void)ParkingLot::park(request, [] { return true; });
    } while (!handlers_are_due());
    return fail_with(EINTR);
}

}  // extern "C"

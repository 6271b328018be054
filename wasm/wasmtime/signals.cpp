// Signals: waiting for them and counting SIGINTs.
// SPDX-License-Identifier: MIT
#include "signals.h"

#include <signal.h>
#include <unistd.h>

#include <thread>

#include "errors.h"
#include "instance.h"
#include "launcher.h"
#include "program.h"

namespace heddle::host {
namespace {

// python.wasm numbers signals as Linux does (wasm/host/layout_checks.cpp).
constexpr int kForwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
constexpr std::chrono::seconds kHardWithin{2};
constexpr std::chrono::seconds kTakenWithin{3}, kFlushWithin{1};

bool is_ignored(int signum) {
    struct sigaction action{};
    return sigaction(signum, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t held_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGWINCH);
    for (const int signum : kForwarded) {
        // A signal that nohup or a shell's & made this process ignore stays ignored.
        if (!is_ignored(signum)) sigaddset(&signals, signum);
    }
    return signals;
}

}  // namespace

void hold_signals() {
    const sigset_t signals = held_signals();
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);  // the writer sees EPIPE
}

void Signals::forward() {
    const bool has_launcher = program_.options().launcher_fd >= 0;
    if (has_launcher) {
        const int error = start_native_thread([this] { listen_to_launcher(); }, Stack::host);
        if (error != 0) give_up(cannot_start_thread("listens to the launcher", error));
    }
    const sigset_t signals = held_signals();
    for (;;) {
        siginfo_t info;
        const int signum = sigwaitinfo(&signals, &info);
        if (signum == SIGWINCH) {
            program_.host_thread().post([this] { program_.host_thread().update_terminal(); });
        } else if (signum > 0 && !(has_launcher && info.si_code == SI_KERNEL)) {
            deliver(signum);
        }
    }
}

void Signals::listen_to_launcher() {
    read_launcher(
        program_.options().launcher_fd, [this](int signum) { deliver(signum); },
        [this](InputAnswer answer) {
            program_.host_thread().post(
                [this, answer] { program_.host_thread().input().take(answer); });
        });
}

void Signals::deliver(int signum) {
    if (signum == SIGINT && is_one_interrupt_too_many()) _exit(128 + SIGINT);
    if (!program_.has_begun() || program_.is_ending()) _exit(128 + signum);
    last_ = signum;
    posted_++;
    program_.host_thread().post([this, signum] {
        program_.host_thread().signal(signum);
        taken_++;
    });
    if (is_watched_.exchange(true)) return;
    // Without such a thread the third SIGINT is what ends a program that takes none.
    if (start_native_thread([this] { watch(); }, Stack::host) != 0) is_watched_ = false;
}

void Signals::watch() {
    do {
        const unsigned posted = posted_;
        std::this_thread::sleep_for(kTakenWithin);
        if (static_cast<int>(taken_ - posted) < 0) {
            program_.output().write(STDERR_FILENO,
                                    "heddle: the program takes no signals any more\n");
            program_.output().flush(kFlushWithin);
            _exit(128 + last_);
        }
        is_watched_ = false;
        // One that was posted since then has found a watcher, or finds none now.
    } while (taken_ != posted_ && !is_watched_.exchange(true));
}

bool Signals::is_one_interrupt_too_many() {
    const std::lock_guard<std::mutex> held(mutex_);
    const auto now = std::chrono::steady_clock::now();
    interrupts_[next_interrupt_++ % kHardCount] = now;
    const auto oldest = interrupts_[next_interrupt_ % kHardCount];
    return next_interrupt_ >= kHardCount && now - oldest < kHardWithin;
}

}  // namespace heddle::host

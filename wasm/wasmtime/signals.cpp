// Signals: waiting for them and counting SIGINTs.
// SPDX-License-Identifier: MIT
#include "signals.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <chrono>

#include "program.h"

namespace heddle::host {
namespace {

// python.wasm numbers signals as Linux does.
constexpr int kForwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
// What the launcher sends for a signal is this much more. Real-time signals are never merged.
constexpr int kLaunchedBase = 34;

constexpr int kHardCount = 3;
constexpr std::chrono::seconds kHardWithin{2};

bool is_ignored(int signum) {
    struct sigaction action{};
    return sigaction(signum, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t held_signals(bool launched) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signum : kForwarded) {
        if (launched) sigaddset(&signals, kLaunchedBase + signum);
        // What nohup or a shell's & made this process ignore stays ignored.
        if (launched || !is_ignored(signum)) sigaddset(&signals, signum);
    }
    sigaddset(&signals, SIGWINCH);
    return signals;
}

// Times of the last SIGINTs.
class Interrupts {
  public:
    // True: that was one too many.
    bool add() {
        const auto now = std::chrono::steady_clock::now();
        times_[next_++ % kHardCount] = now;
        return next_ >= kHardCount && now - times_[next_ % kHardCount] < kHardWithin;
    }

  private:
    std::chrono::steady_clock::time_point times_[kHardCount];
    unsigned next_ = 0;
};

}  // namespace

void hold_signals(bool launched) {
    const sigset_t signals = held_signals(launched);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);  // the writer sees EPIPE
    // Without the launcher there is nobody to pass a Ctrl-C on.
    if (launched) prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void forward_signals(Program& program, bool launched) {
    const sigset_t signals = held_signals(launched);
    Interrupts interrupts;
    for (;;) {
        int signum = sigwaitinfo(&signals, nullptr);
        if (signum == SIGWINCH) {
            program.page().post([&program] { program.page().update_terminal(); });
            continue;
        }
        if (launched && signum < kLaunchedBase) continue;
        if (launched) signum -= kLaunchedBase;
        if (signum <= 0) continue;  // EINTR
        if (signum == SIGINT && interrupts.add()) _exit(128 + SIGINT);
        if (program.is_ending()) _exit(128 + signum);
        program.page().post([&program, signum] { program.page().signal(signum); });
    }
}

}  // namespace heddle::host

// Checks under Emscripten: libc's signals, sleeps and timers are the core's, and threads run on
// workers. SPDX-License-Identifier: MIT
//
// Run by node. With an argument the program is expected to be ended by that signal's default
// action: `raise`, `timer`, `kill-from-thread` or `abort`. Prints each check that fails; its exit
// status is 0 if none does.
#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <atomic>

#include "heddle/heddle.h"
#include "heddle/lock.h"
#include "heddle/signals.h"
#include "heddle/thread.h"
#include "heddle/time.h"

namespace {

using heddle::kMillisecond;

int g_failures = 0;
std::atomic<int> g_handled{0};
std::atomic<int> g_info_signum{0};

void check(bool ok, const char* what) {
    if (ok) return;
    g_failures++;
    printf("failed: %s\n", what);
}
#define CHECK(condition) check((condition), #condition)

void handle(int) { g_handled++; }
void handle_info(int, siginfo_t* info, void*) { g_info_signum = info->si_signo; }

constexpr heddle_thread_options_t kJoinable = {
    .name = "helper", .stack_bytes = 0, .joinable = true, .daemon = false};

heddle_ident_t start(void (*entry)(void*)) {
    heddle_ident_t ident = 0;
    CHECK(heddle_thread_start(entry, nullptr, &kJoinable, &ident) == 0);
    return ident;
}

void join(heddle_ident_t ident) { CHECK(heddle_thread_join(ident, HEDDLE_FOREVER, false) == 0); }

void check_handlers() {
    g_handled = 0;
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK(raise(SIGUSR1) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(pthread_kill(pthread_self(), SIGUSR1) == 0);
    CHECK(heddle_signal_post(SIGUSR1) == 0);
    CHECK(g_handled == 4);
    CHECK(signal(SIGUSR1, SIG_IGN) == handle);
    CHECK(raise(SIGUSR1) == 0 && g_handled == 4);
    CHECK(raise(SIGCHLD) == 0 && raise(SIGWINCH) == 0);  // ignored by default
    CHECK(kill(getpid(), 0) == 0);
    CHECK(kill(getpid() + 1, SIGUSR1) == -1 && errno == ESRCH);
    CHECK(raise(1000) == -1 && errno == EINVAL);
    struct sigaction action = {};
    action.sa_sigaction = handle_info;
    action.sa_flags = SA_SIGINFO;
    struct sigaction former = {};
    CHECK(sigaction(SIGUSR2, &action, &former) == 0 && former.sa_handler == SIG_DFL);
    CHECK(raise(SIGUSR2) == 0 && g_info_signum == SIGUSR2);
    CHECK(sigaction(SIGUSR2, nullptr, &former) == 0 && former.sa_sigaction == handle_info);
    CHECK(siginterrupt(SIGUSR2, 1) == 0);
    signal(SIGUSR2, SIG_DFL);
}

// The host's call when a thread has trapped: the handler runs, the default action does not.
extern "C" void heddle_signal_trapped(int signum);

void trap(void*) {
    heddle_signal_trapped(SIGFPE);
    CHECK(raise(SIGFPE) == 0);  // as faulthandler does at the end of its handler
}

void check_traps() {
    g_handled = 0;
    signal(SIGFPE, handle);
    join(start(trap));
    CHECK(g_handled == 2);
    signal(SIGFPE, SIG_DFL);
    join(start(trap));
    CHECK(g_handled == 2);
}

void post_soon(void*) {
    heddle_sleep(20 * kMillisecond, false);
    kill(getpid(), SIGUSR1);
}

void check_sleeps() {
    signal(SIGUSR1, handle);
    g_handled = 0;
    int64_t begin = heddle_now_ns();
    heddle_ident_t poster = start(post_soon);
    const timespec long_time = {.tv_sec = 30, .tv_nsec = 0};
    timespec left = {};
    CHECK(nanosleep(&long_time, &left) == -1 && errno == EINTR);
    CHECK(g_handled == 1 && left.tv_sec >= 20 && left.tv_sec <= 30);
    CHECK(heddle_now_ns() - begin < 10000 * kMillisecond);
    join(poster);

    poster = start(post_soon);
    CHECK(sleep(30) >= 20);
    join(poster);
    poster = start(post_soon);
    timespec until = {};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 30;
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR);
    join(poster);
    poster = start(post_soon);
    CHECK(pause() == -1 && errno == EINTR);
    join(poster);
    // An interrupt that left nothing to do is old news, and does not end a pause.
    g_handled = 0;
    heddle::set_due_check([] { return g_handled != 0; });
    heddle_main_thread_interrupt();
    poster = start(post_soon);
    CHECK(pause() == -1 && g_handled == 1);
    join(poster);
    heddle::set_due_check(nullptr);

    begin = heddle_now_ns();
    CHECK(usleep(20000) == 0);
    const int64_t slept = heddle_now_ns() - begin;
    CHECK(slept >= 20 * kMillisecond && slept < 200 * kMillisecond);
    const timespec bad = {.tv_sec = 0, .tv_nsec = 2000000000};
    CHECK(nanosleep(&bad, nullptr) == -1 && errno == EINVAL);
}

void check_masks() {
    signal(SIGUSR1, handle);
    g_handled = 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigset_t former;
    CHECK(pthread_sigmask(SIG_BLOCK, &set, &former) == 0 && !sigismember(&former, SIGUSR1));
    CHECK(raise(SIGUSR1) == 0 && g_handled == 0);
    sigset_t pending;
    CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1));
    int signum = 0;
    CHECK(sigwait(&set, &signum) == 0 && signum == SIGUSR1);
    const timespec soon = {.tv_sec = 0, .tv_nsec = 1000000};
    CHECK(sigtimedwait(&set, nullptr, &soon) == -1 && errno == EAGAIN);
    const heddle_ident_t poster = start(post_soon);
    siginfo_t info = {};
    CHECK(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_signo == SIGUSR1);
    join(poster);
    CHECK(raise(SIGUSR1) == 0 && g_handled == 0);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, nullptr) == 0 && g_handled == 1);
}

void check_timers() {
    signal(SIGALRM, handle);
    g_handled = 0;
    itimerval setting = {};
    setting.it_value.tv_usec = 20000;
    setting.it_interval.tv_usec = 5000;
    CHECK(setitimer(ITIMER_REAL, &setting, nullptr) == 0);
    while (g_handled < 3) CHECK(pause() == -1);
    itimerval now = {};
    CHECK(getitimer(ITIMER_REAL, &now) == 0 && now.it_interval.tv_usec == 5000);
    setting = {};
    CHECK(setitimer(ITIMER_REAL, &setting, &now) == 0 && now.it_interval.tv_usec == 5000);
    CHECK(alarm(30) == 0);
    CHECK(alarm(0) == 30);
    CHECK(setitimer(ITIMER_PROF, &setting, nullptr) == -1 && errno == EINVAL);
}

heddle_lock_t g_lock = {};
int g_counter = 0;  // under g_lock

void count(void*) {
    CHECK(heddle_thread_own_stack_bytes() == heddle::kDefaultStackBytes);
    for (int i = 0; i < 20000; i++) {
        heddle_lock_acquire(&g_lock, HEDDLE_FOREVER, false);
        g_counter++;
        heddle_lock_release(&g_lock);
    }
}

void check_threads() {
    heddle_thread_warm(4);
    heddle_ident_t idents[6];
    for (heddle_ident_t& ident : idents) ident = start(count);
    for (const heddle_ident_t ident : idents) join(ident);
    CHECK(g_counter == 6 * 20000);
    join(start([](void*) { heddle_thread_exit(); }));
    const int64_t begin = heddle_now_ns();
    for (int i = 0; i < 100; i++) join(start([](void*) {}));
    printf("start and join of a warm thread: %lld us\n",
           static_cast<long long>((heddle_now_ns() - begin) / 100 / 1000));
    const heddle_thread_options_t huge = {
        .name = nullptr, .stack_bytes = size_t{3} << 30, .joinable = false, .daemon = false};
    CHECK(heddle_thread_start([](void*) {}, nullptr, &huge, nullptr) == EAGAIN);
    CHECK(heddle_thread_count() == 1);
}

}  // namespace

int main(int argc, char** argv) {
    heddle_main_thread_attach();
    if (argc > 1 && strcmp(argv[1], "raise") == 0) raise(SIGTERM);
    if (argc > 1 && strcmp(argv[1], "timer") == 0) {
        itimerval setting = {};
        setting.it_value.tv_usec = 20000;
        setitimer(ITIMER_REAL, &setting, nullptr);
        for (;;) pause();
    }
    if (argc > 1 && strcmp(argv[1], "kill-from-thread") == 0) {
        start([](void*) { kill(getpid(), SIGINT); });
        for (;;) pause();
    }
    if (argc > 1 && strcmp(argv[1], "abort") == 0) {
        // A handler that returns does not keep abort() from its end.
        signal(SIGABRT, handle);
        abort();
    }
    if (argc > 1) return 99;
    check_handlers();
    check_sleeps();
    check_masks();
    check_timers();
    check_traps();
    check_threads();
    printf("%d failures\n", g_failures);
    return g_failures == 0 ? 0 : 1;
}

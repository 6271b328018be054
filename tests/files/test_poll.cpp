// Tests of poll and select: bits, timeouts, wake-ups, interrupts.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

namespace {

short poll_one(int fd, short events, int timeout_ms = 0) {
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    const int ready = poll(&entry, 1, timeout_ms);
    CHECK_EQ(ready, entry.revents != 0 ? 1 : 0);
    return entry.revents;
}

void bits_are_right() {
    int fds[2];
    CHECK_EQ(pipe(fds), 0);
    CHECK_EQ(poll_one(fds[0], POLLIN), 0);
    CHECK_EQ(poll_one(fds[1], POLLOUT), POLLOUT);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_EQ(poll_one(fds[0], POLLIN), POLLIN);
    CHECK_EQ(poll_one(fds[0], 0), 0);
    close(fds[1]);
    CHECK_EQ(poll_one(fds[0], POLLIN), POLLIN | POLLHUP);
    close(fds[0]);
    CHECK_EQ(poll_one(fds[0], POLLIN), POLLNVAL);
    CHECK_EQ(pipe(fds), 0);
    close(fds[0]);
    CHECK_EQ(poll_one(fds[1], POLLOUT), POLLOUT | POLLERR);
    close(fds[1]);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(poll_one(fds[0], POLLIN | POLLOUT), POLLOUT);
    close(fds[1]);
    CHECK_EQ(poll_one(fds[0], POLLIN | POLLOUT), POLLIN | POLLOUT | POLLHUP);
    close(fds[0]);
    const int file = open("/tmp/polled", O_CREAT | O_RDWR, 0600);
    CHECK_EQ(poll_one(file, POLLIN | POLLOUT), POLLIN | POLLOUT);
    close(file);
    CHECK_EQ(poll_one(-1, POLLIN), 0);
}

void timeouts_are_kept() {
    int fds[2];
    CHECK_EQ(pipe(fds), 0);
    int64_t start = now_ms();
    CHECK_EQ(poll_one(fds[0], POLLIN, 100), 0);
    CHECK(now_ms() - start >= 95 && now_ms() - start < 4000);
    start = now_ms();
    timeval timeout{.tv_sec = 0, .tv_usec = 100'000};
    CHECK_EQ(select(0, nullptr, nullptr, nullptr, &timeout), 0);
    CHECK(now_ms() - start >= 95 && now_ms() - start < 4000);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fds[0], &set);
    CHECK_EQ(select(fds[0] + 1, &set, nullptr, nullptr, &timeout), 0);
    CHECK(!FD_ISSET(fds[0], &set));
    close(fds[0]);
    close(fds[1]);
}

void changes_end_waits() {
    int fds[2];
    CHECK_EQ(pipe(fds), 0);
    TestThread writer([&] {
        sleep_ms(60);
        CHECK_EQ(write(fds[1], "x", 1), 1);
    });
    const int64_t start = now_ms();
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(fds[0], &readable);
    timeval timeout{.tv_sec = 5, .tv_usec = 0};
    CHECK_EQ(select(fds[0] + 1, &readable, nullptr, nullptr, &timeout), 1);
    CHECK(FD_ISSET(fds[0], &readable));
    CHECK(now_ms() - start < 4000);
    writer.join();
    close(fds[0]);
    close(fds[1]);
    FD_SET(fds[0], &readable);
    CHECK_EQ(select(fds[0] + 1, &readable, nullptr, nullptr, &timeout), -1);
    CHECK_EQ(errno, EBADF);
}

// Hammers the one bell that all polls share: a lost wake-up shows as a timeout.
void ping_pong_through_poll() {
    int fds[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    constexpr int kTurns = 3000;
    const auto play = [](int fd, bool first) {
        char byte = 'x';
        if (first) CHECK_EQ(write(fd, &byte, 1), 1);
        for (int i = 0; i < kTurns; i++) {
            pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
            if (poll(&entry, 1, 5000) != 1)
                return check(false, "a wake-up was lost", __FILE__, __LINE__);
            CHECK_EQ(read(fd, &byte, 1), 1);
            CHECK_EQ(write(fd, &byte, 1), 1);
        }
    };
    TestThread other([&] { play(fds[1], false); });
    play(fds[0], true);
    other.join();
    close(fds[0]);
    close(fds[1]);
}

void a_signal_ends_a_poll() {
    int fds[2];
    CHECK_EQ(pipe(fds), 0);
    {
        const InterruptAfter interrupt(80);
        pollfd entry{.fd = fds[0], .events = POLLIN, .revents = 0};
        CHECK_EQ(poll(&entry, 1, -1), -1);
        CHECK_EQ(errno, EINTR);
    }
    {
        const InterruptAfter interrupt(80);
        CHECK_EQ(select(0, nullptr, nullptr, nullptr, nullptr), -1);
        CHECK_EQ(errno, EINTR);
    }
    close(fds[0]);
    close(fds[1]);
}

}  // namespace

void test_poll() {
    run_test("poll reports the right bits", bits_are_right);
    run_test("timeouts of poll and select are kept", timeouts_are_kept);
    run_test("a change ends select's wait", changes_end_waits);
    run_test("no wake-up of poll is lost", ping_pong_through_poll, 30'000);
    run_test("a signal ends poll and select", a_signal_ends_a_poll);
}

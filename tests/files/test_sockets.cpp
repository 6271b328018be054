// Tests of socket pairs: both directions, shutdown, options, and no network.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "check.h"

namespace {

struct Pair {
    explicit Pair(int type = SOCK_STREAM) { CHECK_EQ(socketpair(AF_UNIX, type, 0, fds), 0); }
    ~Pair() {
        if (fds[0] >= 0) close(fds[0]);
        if (fds[1] >= 0) close(fds[1]);
    }
    int fds[2] = {-1, -1};
};

void both_directions_work() {
    Pair pair;
    char text[10] = {};
    CHECK_EQ(send(pair.fds[0], "ping", 4, 0), 4);
    CHECK_EQ(recv(pair.fds[1], text, 2, MSG_PEEK), 2);
    CHECK_EQ(recv(pair.fds[1], text, sizeof text, 0), 4);
    CHECK(std::memcmp(text, "ping", 4) == 0);
    CHECK_EQ(write(pair.fds[1], "pong", 4), 4);
    CHECK_EQ(read(pair.fds[0], text, sizeof text), 4);
    iovec pieces[2] = {{text, 2}, {text + 2, 2}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    CHECK_EQ(sendmsg(pair.fds[0], &message, 0), 4);
    std::memset(text, 0, sizeof text);
    CHECK_EQ(recvmsg(pair.fds[1], &message, 0), 4);
    CHECK(std::memcmp(text, "pong", 4) == 0);
}

void receiving_waits_or_not() {
    Pair pair;
    char text[10];
    CHECK_EQ(recv(pair.fds[0], text, 1, MSG_DONTWAIT), -1);
    CHECK_EQ(errno, EAGAIN);
    int on = 1;
    CHECK_EQ(ioctl(pair.fds[0], FIONBIO, &on), 0);
    CHECK_EQ(recv(pair.fds[0], text, 1, 0), -1);
    CHECK_EQ(errno, EAGAIN);
    on = 0;
    CHECK_EQ(ioctl(pair.fds[0], FIONBIO, &on), 0);
    TestThread sender([&] {
        for (int i = 0; i < 4; i++) {
            sleep_ms(20);
            CHECK_EQ(send(pair.fds[1], "x", 1, 0), 1);
        }
    });
    CHECK_EQ(recv(pair.fds[0], text, 4, MSG_WAITALL), 4);
}

void shutdown_ends_one_direction() {
    Pair pair;
    char text[10];
    CHECK_EQ(send(pair.fds[0], "last", 4, 0), 4);
    CHECK_EQ(shutdown(pair.fds[0], SHUT_WR), 0);
    CHECK_EQ(send(pair.fds[0], "x", 1, 0), -1);
    CHECK_EQ(errno, EPIPE);
    CHECK_EQ(recv(pair.fds[1], text, sizeof text, 0), 4);
    CHECK_EQ(recv(pair.fds[1], text, sizeof text, 0), 0);
    CHECK_EQ(send(pair.fds[1], "back", 4, 0), 4);
    CHECK_EQ(recv(pair.fds[0], text, sizeof text, 0), 4);
    close(pair.fds[1]);
    pair.fds[1] = -1;
    CHECK_EQ(recv(pair.fds[0], text, sizeof text, 0), 0);
}

void closing_wakes_the_own_reader() {
    Pair pair;
    TestThread closer([&] {
        sleep_ms(50);
        close(pair.fds[0]);
        pair.fds[0] = -1;
    });
    char byte;
    CHECK_EQ(recv(pair.fds[0], &byte, 1, 0), -1);
    CHECK_EQ(errno, EBADF);
}

void options_and_names_are_those_of_a_unix_socket() {
    Pair pair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK);
    CHECK_EQ(fcntl(pair.fds[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(pair.fds[0], F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_NONBLOCK | O_RDWR);
    int value = -1;
    socklen_t size = sizeof value;
    CHECK_EQ(getsockopt(pair.fds[0], SOL_SOCKET, SO_TYPE, &value, &size), 0);
    CHECK_EQ(value, SOCK_STREAM);
    CHECK_EQ(getsockopt(pair.fds[0], SOL_SOCKET, SO_ERROR, &value, &size), 0);
    CHECK_EQ(value, 0);
    CHECK_EQ(setsockopt(pair.fds[0], SOL_SOCKET, SO_SNDBUF, &value, sizeof value), 0);
    sockaddr_un name{};
    size = sizeof name;
    CHECK_EQ(getsockname(pair.fds[0], reinterpret_cast<sockaddr*>(&name), &size), 0);
    CHECK_EQ(name.sun_family, AF_UNIX);
    size = sizeof name;
    CHECK_EQ(getpeername(pair.fds[0], reinterpret_cast<sockaddr*>(&name), &size), 0);
    CHECK_EQ(getsockopt(1, SOL_SOCKET, SO_TYPE, &value, &size), -1);
    CHECK_EQ(errno, ENOTSOCK);
}

void there_is_no_network() {
    CHECK_EQ(socket(AF_INET, SOCK_STREAM, 0), -1);
    CHECK_EQ(errno, EAFNOSUPPORT);
    int fds[2];
    CHECK_EQ(socketpair(AF_INET, SOCK_STREAM, 0, fds), -1);
    CHECK_EQ(errno, EAFNOSUPPORT);
}

}  // namespace

void test_sockets() {
    run_test("a socket pair carries bytes both ways", both_directions_work);
    run_test("receiving waits, unless it may not", receiving_waits_or_not);
    run_test("shutdown ends one direction", shutdown_ends_one_direction);
    run_test("closing a socket wakes its own reader", closing_wakes_the_own_reader);
    run_test("options and names are those of a unix socket",
             options_and_names_are_those_of_a_unix_socket);
    run_test("network sockets are refused clearly", there_is_no_network);
}

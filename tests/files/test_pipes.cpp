// Tests of pipes: blocking, ends that go away, atomic writes, flags.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "check.h"

namespace {

struct Pipe {
    explicit Pipe(int flags = 0) { CHECK_EQ(pipe2(fds, flags), 0); }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    void close_end(int end) {
        if (fds[end] >= 0) CHECK_EQ(close(fds[end]), 0);
        fds[end] = -1;
    }
    int fds[2];
};

void read_waits_for_the_writer() {
    Pipe pipe;
    const int64_t start = now_ms();
    TestThread writer([&] {
        sleep_ms(60);
        CHECK_EQ(write(pipe.fds[1], "hi", 2), 2);
    });
    char text[10];
    CHECK_EQ(read(pipe.fds[0], text, sizeof text), 2);
    CHECK(now_ms() - start >= 50);
}

void much_data_goes_through() {
    Pipe pipe;
    constexpr size_t kBytes = 3'000'000;
    TestThread writer([&] {
        std::vector<uint8_t> data(kBytes);
        for (size_t i = 0; i < kBytes; i++) data[i] = static_cast<uint8_t>(i % 251);
        CHECK_EQ(write(pipe.fds[1], data.data(), kBytes), static_cast<int64_t>(kBytes));
        pipe.close_end(1);
    });
    size_t total = 0;
    bool right = true;
    std::vector<uint8_t> data(7777);
    for (ssize_t size; (size = read(pipe.fds[0], data.data(), data.size())) > 0;) {
        for (ssize_t i = 0; i < size; i++) right &= data[static_cast<size_t>(i)] == total++ % 251;
    }
    CHECK(right);
    CHECK_EQ(static_cast<int64_t>(total), static_cast<int64_t>(kBytes));
}

// Hammers writes of up to PIPE_BUF by several threads: none may be torn.
void small_writes_stay_whole() {
    Pipe pipe;
    constexpr int kThreads = 4, kWrites = 300, kSize = 1000;
    std::vector<std::unique_ptr<TestThread>> writers;
    for (int t = 0; t < kThreads; t++) {
        writers.push_back(std::make_unique<TestThread>([&pipe, t] {
            const std::string block(kSize, static_cast<char>('a' + t));
            for (int i = 0; i < kWrites; i++) {
                CHECK_EQ(write(pipe.fds[1], block.data(), kSize), int64_t{kSize});
            }
        }));
    }
    int torn = 0;
    char block[kSize];
    for (int i = 0; i < kThreads * kWrites; i++) {
        for (ssize_t have = 0; have < kSize;) {
            const ssize_t size = read(pipe.fds[0], block + have, static_cast<size_t>(kSize - have));
            CHECK(size > 0);
            if (size <= 0) return;
            have += size;
        }
        for (const char byte : block) torn += byte != block[0];
    }
    CHECK_EQ(torn, 0);
}

void ends_that_go_away_are_noticed() {
    char byte;
    Pipe finished;
    CHECK_EQ(write(finished.fds[1], "x", 1), 1);
    finished.close_end(1);
    CHECK_EQ(read(finished.fds[0], &byte, 1), 1);
    CHECK_EQ(read(finished.fds[0], &byte, 1), 0);
    Pipe broken;
    broken.close_end(0);
    CHECK_EQ(write(broken.fds[1], "x", 1), -1);
    CHECK_EQ(errno, EPIPE);
}

void a_close_elsewhere_ends_waits() {
    Pipe pipe;
    char byte;
    {
        TestThread closer([&] {
            sleep_ms(50);
            pipe.close_end(1);
        });
        CHECK_EQ(read(pipe.fds[0], &byte, 1), 0);
    }
    Pipe full;
    const std::string text(100'000, 'f');
    TestThread closer([&] {
        pollfd entry{.fd = full.fds[1], .events = POLLOUT, .revents = 0};
        while (poll(&entry, 1, 0) == 1) sleep_ms(1);  // until the writer waits for room
        sleep_ms(50);
        full.close_end(0);
    });
    CHECK_EQ(write(full.fds[1], text.data(), text.size()), 65536);  // then EPIPE, had it been less
}

void duplicates_keep_an_end_open() {
    Pipe pipe;
    const int copy = dup(pipe.fds[1]);
    pipe.close_end(1);
    CHECK_EQ(write(copy, "x", 1), 1);
    char byte;
    CHECK_EQ(read(pipe.fds[0], &byte, 1), 1);
    // dup2 over the last writing end closes it.
    const int null = open("/dev/null", O_WRONLY);
    CHECK_EQ(dup2(null, copy), copy);
    CHECK_EQ(read(pipe.fds[0], &byte, 1), 0);
    close(null);
    close(copy);
}

void a_signal_ends_a_read() {
    Pipe pipe;
    const InterruptAfter interrupt(80);
    char byte;
    CHECK_EQ(read(pipe.fds[0], &byte, 1), -1);
    CHECK_EQ(errno, EINTR);
}

void flags_are_kept() {
    Pipe pipe(O_NONBLOCK | O_CLOEXEC);
    char byte;
    CHECK_EQ(read(pipe.fds[0], &byte, 1), -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(fcntl(pipe.fds[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(pipe.fds[1], F_GETFL) & O_ACCMODE, O_WRONLY);
    const std::string text(70'000, 'x');
    CHECK_EQ(write(pipe.fds[1], text.data(), text.size()), 65536);
    CHECK_EQ(write(pipe.fds[1], "x", 1), -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(write(pipe.fds[0], "x", 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(lseek(pipe.fds[0], 0, SEEK_SET), -1);
    CHECK_EQ(errno, ESPIPE);
    struct stat status{};
    CHECK_EQ(fstat(pipe.fds[0], &status), 0);
    CHECK(S_ISFIFO(status.st_mode));
    const int copy = fcntl(pipe.fds[0], F_DUPFD_CLOEXEC, 20);
    CHECK_EQ(copy, 20);
    CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
    close(copy);
    const int plain = dup(pipe.fds[0]);
    CHECK_EQ(fcntl(plain, F_GETFD), 0);
    close(plain);
}

}  // namespace

void test_pipes() {
    run_test("a read of an empty pipe waits for a writer", read_waits_for_the_writer);
    run_test("more than the capacity goes through a pipe", much_data_goes_through);
    run_test("small writes of several threads stay whole", small_writes_stay_whole, 30'000);
    run_test("readers and writers notice that the other end is gone",
             ends_that_go_away_are_noticed);
    run_test("closing an end wakes those who wait", a_close_elsewhere_ends_waits);
    run_test("an end is open as long as one descriptor is", duplicates_keep_an_end_open);
    run_test("a signal ends a read of a pipe", a_signal_ends_a_read);
    run_test("flags of pipes are kept", flags_are_kept);
}

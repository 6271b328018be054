// Tests of stdout and stderr: order, completeness, and a full ring.
// SPDX-License-Identifier: MIT
//
// The runner is the host: it checks the order of lines per thread and how many came.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "check.h"
#include "console/output_ring.h"
#include "host/host.h"

namespace {

constexpr int kFloodThreads = 8;
constexpr int kFloodLines = 4000;

void flood(int thread) {
    for (int i = 0; i < kFloodLines; i++) {
        // Lengths vary, so that records end everywhere in the ring.
        std::string line = "flood " + std::to_string(thread) + " " + std::to_string(i) + " ";
        line += std::string(static_cast<size_t>((i * 37 + thread * 11) % 300), 'x') + "\n";
        const ssize_t written = write(i % 2 == 0 ? 1 : 2, line.data(), line.size());
        CHECK_EQ(written, static_cast<int64_t>(line.size()));
    }
}

// Hammers the ring: many writers, all wrap positions, a full ring most of the time.
void many_threads_flood() {
    {
        std::vector<std::unique_ptr<TestThread>> threads;
        for (int i = 0; i < kFloodThreads; i++) {
            threads.push_back(std::make_unique<TestThread>([i] { flood(i); }));
        }
    }
    tell_runner("flooded " + std::to_string(kFloodThreads) + " " + std::to_string(kFloodLines));
}

// A program that owns its memory makes fillers of the records, each of which leads back to itself.
void damaged_ring_lets_the_host_go() {
    const auto ring = std::make_unique<heddle::OutputRing>();
    const __wasi_ciovec_t piece{reinterpret_cast<const uint8_t*>("text"), 4};
    heddle::Gather from(&piece, 1);
    CHECK_EQ(ring->write(1, from, heddle::kNever), 4);
    heddle::OutputRing::Record record;
    CHECK(ring->peek(&record));
    auto* header = reinterpret_cast<uint32_t*>(const_cast<uint8_t*>(record.data)) - 4;
    header[0] = 0;
    header[2] = static_cast<uint32_t>(-16);
    CHECK(!ring->peek(&record));
    ring->consume(heddle::OutputRing::Wake::nobody);
}

void large_write_is_complete() {
    std::string text(3'000'000, 'L');
    text.back() = '\n';
    CHECK_EQ(write(1, text.data(), text.size()), static_cast<int64_t>(text.size()));
}

// stdio reaches the console through __wasi_fd_write, two pieces at a time.
void stdio_is_one_record() {
    std::printf("stdio %d %s\n", 42, "pieces");
    std::fflush(stdout);
    tell_runner("seen stdio 42 pieces");
}

void blocked_writer_is_interrupted() {
    tell_runner("pause 1500");
    const std::string text = std::string(99'999, 'B') + "\n";
    const InterruptAfter interrupt(300);
    const int64_t start = now_ms();
    bool interrupted = false;
    for (int i = 0; i < 20 && !interrupted; i++) {
        const ssize_t written = write(1, text.data(), text.size());
        interrupted = written < static_cast<ssize_t>(text.size());
        if (written < 0) CHECK_EQ(errno, EINTR);
    }
    CHECK(interrupted);
    (void)!write(1, "\n", 1);  // the interrupted write has ended anywhere
    CHECK(now_ms() - start < 1200);
}

void full_ring_without_wait_is_eagain() {
    tell_runner("pause 400");
    CHECK_EQ(fcntl(1, F_SETFL, O_NONBLOCK), 0);
    const std::string text = std::string(59'999, 'N') + "\n";
    ssize_t written = 0;
    for (int i = 0; i < 20 && written >= 0; i++) written = write(1, text.data(), text.size());
    const int error = errno;
    pollfd entry{.fd = 1, .events = POLLOUT, .revents = 0};
    CHECK_EQ(poll(&entry, 1, 0), 0);
    CHECK_EQ(poll(&entry, 1, 3000), 1);  // the host goes on after its pause
    CHECK_EQ(fcntl(1, F_SETFL, 0), 0);
    CHECK_EQ(fcntl(1, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_WRONLY);
    CHECK_EQ(written, -1);
    CHECK_EQ(error, EAGAIN);
}

void terminal_is_what_the_host_says() {
    CHECK_EQ(isatty(0) + isatty(1) + isatty(2), 0);
    heddle_console_set_terminal(1 | 2, 123, 45);
    CHECK_EQ(isatty(0), 1);
    CHECK_EQ(isatty(1), 1);
    CHECK_EQ(isatty(2), 0);
    winsize size{};
    CHECK_EQ(ioctl(1, TIOCGWINSZ, &size), 0);
    CHECK_EQ(size.ws_col, 123);
    CHECK_EQ(size.ws_row, 45);
    CHECK_EQ(ioctl(2, TIOCGWINSZ, &size), -1);
    CHECK_EQ(errno, ENOTTY);
    heddle_console_set_terminal(0, 0, 0);
    CHECK_EQ(isatty(99), 0);
    CHECK_EQ(errno, EBADF);
}

void devices_work() {
    struct stat status{};
    CHECK_EQ(fstat(1, &status), 0);
    CHECK(S_ISCHR(status.st_mode));
    const int null = open("/dev/null", O_RDWR);
    char byte = 'x';
    CHECK_EQ(read(null, &byte, 1), 0);
    CHECK_EQ(write(null, &byte, 1), 1);
    close(null);
    uint8_t random[600] = {};
    const int fd = open("/dev/urandom", O_RDONLY);
    CHECK_EQ(read(fd, random, sizeof random), static_cast<int64_t>(sizeof random));
    int zeros = 0;
    for (const uint8_t value : random) zeros += value == 0;
    CHECK(zeros < 60);
    CHECK_EQ(write(fd == 0 ? 99 : 0, &byte, 1), -1);
    CHECK_EQ(errno, EBADF);
    close(fd);
    CHECK_EQ(lseek(1, 0, SEEK_CUR), -1);
    CHECK_EQ(errno, ESPIPE);
    CHECK_EQ(pread(0, &byte, 1, 0), -1);
    CHECK_EQ(errno, ESPIPE);
}

}  // namespace

void test_output() {
    run_test("writes of many threads keep their order and none is lost", many_threads_flood,
             60'000);
    run_test("a ring that the program has damaged lets the host go", damaged_ring_lets_the_host_go);
    run_test("a write larger than the ring is complete", large_write_is_complete);
    run_test("a line of stdio arrives in one piece", stdio_is_one_record);
    run_test("a signal ends a write to a full console", blocked_writer_is_interrupted);
    run_test("a full console says EAGAIN when asked not to wait", full_ring_without_wait_is_eagain);
    run_test("terminals are what the host says", terminal_is_what_the_host_says);
    run_test("null, random and console files behave like devices", devices_work);
}

// Tests of stdin: blocking, interrupts, prompts, several readers, the end of the file.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <mutex>
#include <set>

#include "check.h"
#include "console/console.h"
#include "host/host.h"

namespace {

std::string read_some(size_t capacity = 1000) {
    std::string text(capacity, '\0');
    const ssize_t size = read(0, text.data(), text.size());
    return size < 0 ? "errno " + std::to_string(errno) : text.substr(0, static_cast<size_t>(size));
}

void read_waits_for_input() {
    tell_runner("answer hello");
    const int64_t start = now_ms();
    CHECK(read_some() == "hello\n");
    CHECK(now_ms() - start >= 40);  // the runner lets us wait for 50 ms
}

void signal_ends_a_read() {
    const InterruptAfter interrupt(100);
    const int64_t start = now_ms();
    CHECK_EQ(read(0, nullptr, 0), 0);
    char byte;
    CHECK_EQ(read(0, &byte, 1), -1);
    CHECK_EQ(errno, EINTR);
    CHECK(now_ms() - start < 4000);
}

void nonblocking_read_does_not_wait() {
    CHECK_EQ(fcntl(0, F_SETFL, O_NONBLOCK), 0);
    char byte;
    CHECK_EQ(read(0, &byte, 1), -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(fcntl(0, F_SETFL, 0), 0);
}

void readers_are_served_one_after_another() {
    std::mutex mutex;
    std::multiset<std::string> lines;
    heddle_console_set_terminal(1, 80, 24);  // so that each read takes one line
    tell_runner("answer one");
    tell_runner("answer two");
    tell_runner("answer three");
    {
        const auto reader = [&] {
            const std::string line = read_some();
            const std::lock_guard<std::mutex> held(mutex);
            lines.insert(line);
        };
        TestThread a(reader), b(reader), c(reader);
    }
    heddle_console_set_terminal(0, 0, 0);
    CHECK((lines == std::multiset<std::string>{"one\n", "two\n", "three\n"}));
}

void poll_and_select_see_input() {
    pollfd entry{.fd = 0, .events = POLLIN, .revents = 0};
    CHECK_EQ(poll(&entry, 1, 0), 0);
    tell_runner("answer polled");
    CHECK_EQ(poll(&entry, 1, 5000), 1);
    CHECK_EQ(entry.revents, POLLIN);
    int bytes = 0;
    CHECK_EQ(ioctl(0, FIONREAD, &bytes), 0);
    CHECK_EQ(bytes, 7);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    CHECK_EQ(select(1, &set, nullptr, nullptr, nullptr), 1);
    CHECK(FD_ISSET(0, &set));
    CHECK(read_some() == "polled\n");
}

void prompt_is_shown_while_waiting() {
    heddle_console_set_terminal(3, 80, 24);
    char buffer[100];
    tell_runner("answer-prompt >>> 1 + 1");
    int size = heddle::console_readline(">>> ", buffer, sizeof buffer);
    CHECK(std::string(buffer, static_cast<size_t>(size > 0 ? size : 0)) == "1 + 1\n");
    // A line that is longer than the buffer comes in pieces.
    tell_runner("answer-prompt ... 0123456789");
    size = heddle::console_readline("... ", buffer, 4);
    CHECK_EQ(size, 4);
    size = heddle::console_readline(nullptr, buffer, sizeof buffer);
    CHECK_EQ(size, 7);
    {
        const InterruptAfter interrupt(100);
        CHECK_EQ(heddle::console_readline(">>> ", buffer, sizeof buffer), -EINTR);
    }
    heddle_console_set_terminal(0, 0, 0);
}

void fgets_waits_too() {
    char buffer[100];
    tell_runner("answer through stdio");
    CHECK(std::fgets(buffer, sizeof buffer, stdin) != nullptr);
    CHECK(std::strcmp(buffer, "through stdio\n") == 0);
}

void end_of_file_on_a_terminal_is_one_read() {
    heddle_console_set_terminal(1, 80, 24);
    tell_runner("end");
    CHECK(read_some().empty());
    tell_runner("answer again");
    CHECK(read_some() == "again\n");
    heddle_console_set_terminal(0, 0, 0);
}

void end_of_file_stays_elsewhere() {
    tell_runner("end");
    CHECK(read_some().empty());
    CHECK(read_some().empty());
    pollfd entry{.fd = 0, .events = POLLIN, .revents = 0};
    CHECK_EQ(poll(&entry, 1, 0), 1);
}

// Last: there is no way back.
void end_of_file_is_one_read_when_input_stays_open() {
    heddle::g_input.stay_open();
    CHECK(read_some().empty());    // the one from the test before
    heddle_console_end_of_file();  // nobody waits for it
    tell_runner("answer again");
    CHECK(read_some() == "again\n");
    tell_runner("end");
    CHECK(read_some().empty());
    tell_runner("answer more");
    CHECK(read_some() == "more\n");
}

}  // namespace

void test_input() {
    run_test("a read of stdin waits for input", read_waits_for_input);
    run_test("a signal ends a read of stdin", signal_ends_a_read);
    run_test("a read that may not wait says EAGAIN", nonblocking_read_does_not_wait);
    run_test("several readers are served one after another", readers_are_served_one_after_another);
    run_test("poll and select wait for stdin", poll_and_select_see_input);
    run_test("a prompt is shown while its line is awaited", prompt_is_shown_while_waiting);
    run_test("stdio waits for stdin as well", fgets_waits_too);
    run_test("the end of file on a terminal is one empty read",
             end_of_file_on_a_terminal_is_one_read);
    run_test("the end of file elsewhere stays", end_of_file_stays_elsewhere);
    run_test("the end of file is one read when the input stays open",
             end_of_file_is_one_read_when_input_stays_open);
}

// Input: the reader's thread, prompts, feeding.
// SPDX-License-Identifier: MIT
//
// On a terminal the kernel edits the line; a line that was typed after the thread that waited for
// it was interrupted goes to the next one that reads.
#include "input.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "program.h"

namespace heddle::host {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

void Input::wanted() {
    // Once for each wait, so a prompt that was interrupted is shown again.
    const auto prompt = static_cast<uint32_t>(page_.guest().must_call("heddle_console_prompt"));
    if (prompt != 0) {
        page_.drain_output();
        program_.output().write(STDOUT_FILENO, program_.memory().text(prompt));
    }
    if (!rest_.empty()) return feed();
    if (!reading_) ask_reader();
}

void Input::ask_reader() {
    reading_ = true;
    const std::lock_guard<std::mutex> held(mutex_);
    ask_ = true;
    if (!started_) {
        started_ = true;
        std::thread([this] { run_reader(); }).detach();
    }
    asked_.notify_one();
}

void Input::run_reader() {
    for (;;) {
        {
            std::unique_lock<std::mutex> held(mutex_);
            asked_.wait(held, [this] { return ask_; });
            ask_ = false;
        }
        std::string bytes(kReadBytes, '\0');
        ssize_t count;
        while ((count = read(STDIN_FILENO, bytes.data(), bytes.size())) < 0 &&
               (errno == EINTR || errno == EAGAIN)) {
            pollfd input{STDIN_FILENO, POLLIN, 0};
            poll(&input, 1, -1);
        }
        // Whatever else is wrong with it, there will be no more input.
        const bool at_end = count <= 0;
        bytes.resize(at_end ? 0 : static_cast<size_t>(count));
        page_.post([this, bytes = std::move(bytes), at_end] { take(bytes, at_end); });
    }
}

void Input::take(std::string bytes, bool at_end) {
    reading_ = false;
    if (at_end) {
        page_.guest().must_call("heddle_console_end_of_file");
        return;
    }
    rest_ = std::move(bytes);
    feed();
}

void Input::feed() {
    const uint32_t data =
        page_.copy_in(reinterpret_cast<const uint8_t*>(rest_.data()), rest_.size());
    const int taken = page_.guest().must_call("heddle_console_feed", data, rest_.size());
    page_.guest().must_call("free", data);
    rest_.erase(0, static_cast<size_t>(taken));
}

}  // namespace heddle::host

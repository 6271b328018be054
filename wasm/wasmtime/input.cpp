// Input: asking, prompts, feeding.
// SPDX-License-Identifier: MIT
//
// Without a launcher the terminal's own line editing is at work, and prompts are shown here. A
// thread that waits for a line may be interrupted. The line then goes to the next that reads.
#include "input.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "errors.h"
#include "instance.h"
#include "program.h"

namespace heddle::host {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

bool Input::is_edited() const {
    return program_.options().launcher_fd >= 0 && isatty(STDIN_FILENO);
}

void Input::wanted() {
    if (!rest_.empty()) return feed();
    wanted_ = asking_;
    // Each wait shows its prompt, also when the former one was interrupted and is still being read.
    if (!asking_ || !is_edited()) ask();
}

void Input::ask() {
    late_ = false;
    // The event may be late: meanwhile the waiter was given the answer to an older question.
    if (host_thread_.guest().must_call("heddle_console_wants_input") == 0) return;
    // The prompt, and the output before it, wait for a slow reader as other output does.
    late_ = !program_.output().has_room();
    if (late_ && is_edited()) return;
    if (!late_) show_prompt();
    if (!is_edited() && !asking_) ask_reader();
    asking_ = true;
}

void Input::show_prompt() {
    const auto address =
        static_cast<uint32_t>(host_thread_.guest().must_call("heddle_console_prompt"));
    std::string prompt;
    if (address != 0) prompt = program_.memory().text(address);
    host_thread_.drain_output();
    if (is_edited()) {
        // Through the writer, so that it comes after what has been printed.
        program_.output().write(program_.options().launcher_fd,
                                line_request(address != 0 ? &prompt : nullptr));
    } else {
        program_.output().write(STDOUT_FILENO, prompt);
    }
}

void Input::on_room() {
    if (late_) ask();
}

void Input::ask_reader() {
    const std::lock_guard<std::mutex> held(mutex_);
    ask_ = true;
    if (!started_) {
        started_ = true;
        const int error = start_native_thread([this] { run_reader(); }, Stack::host);
        if (error != 0)
            program_.end_with_message(cannot_start_thread("reads input", error), kExitFailed);
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
        // After any other error there will be no more input.
        const bool at_end = count <= 0;
        bytes.resize(at_end ? 0 : static_cast<size_t>(count));
        const auto kind = at_end ? InputAnswer::Kind::end : InputAnswer::Kind::bytes;
        host_thread_.post([this, answer = InputAnswer{kind, std::move(bytes)}] { take(answer); });
    }
}

void Input::take(InputAnswer answer) {
    asking_ = false;
    if (answer.kind == InputAnswer::Kind::bytes) {
        rest_ = std::move(answer.bytes);
        feed();
    } else if (answer.kind == InputAnswer::Kind::end) {
        host_thread_.guest().must_call("heddle_console_end_of_file");
    } else if (wanted_) {
        ask();
    }
    wanted_ = false;  // a thread that asked meanwhile has been served by this, or asks again
}

void Input::feed() {
    const uint32_t data =
        host_thread_.copy_in(reinterpret_cast<const uint8_t*>(rest_.data()), rest_.size());
    const int taken = host_thread_.guest().must_call("heddle_console_feed", data, rest_.size());
    host_thread_.guest().must_call("free", data);
    rest_.erase(0, static_cast<size_t>(taken));
}

}  // namespace heddle::host

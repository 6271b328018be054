// Output: the writer's thread.
// SPDX-License-Identifier: MIT
#include "output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "errors.h"
#include "instance.h"

namespace heddle::host {
namespace {

// So much may wait here. The rest waits in the console, and then its writers do.
constexpr size_t kMaxWaitingBytes = 256 * 1024;
// Pieces for one stream are joined up to this size.
constexpr size_t kMaxPieceBytes = 64 * 1024;

}  // namespace

OutputWriter::OutputWriter(std::function<void()> on_broken_pipe, std::function<void()> on_room)
    : on_broken_pipe_(std::move(on_broken_pipe)), on_room_(std::move(on_room)) {}

void OutputWriter::write(int fd, std::string_view bytes) {
    const std::lock_guard<std::mutex> held(mutex_);
    waiting_bytes_ += bytes.size();
    if (!waiting_.empty() && waiting_.back().fd == fd &&
        waiting_.back().bytes.size() + bytes.size() <= kMaxPieceBytes) {
        waiting_.back().bytes += bytes;
    } else {
        waiting_.push_back({fd, std::string(bytes)});
    }
    if (!started_) {
        started_ = true;
        const int error = start_native_thread([this] { run(); }, Stack::host);
        if (error != 0) give_up(cannot_start_thread("writes output", error));
    }
    changed_.notify_all();
}

bool OutputWriter::has_room() {
    const std::lock_guard<std::mutex> held(mutex_);
    const bool has = waiting_bytes_ <= kMaxWaitingBytes;
    if (!has) room_wanted_ = true;  // whoever else wants it is told too
    return has;
}

void OutputWriter::wait_for_room() {
    std::unique_lock<std::mutex> held(mutex_);
    changed_.wait(held, [this] { return waiting_bytes_ <= kMaxWaitingBytes; });
}

bool OutputWriter::flush(std::optional<std::chrono::milliseconds> limit) {
    std::unique_lock<std::mutex> held(mutex_);
    const auto is_done = [this] { return waiting_.empty() && !writing_; };
    if (!limit) {
        changed_.wait(held, is_done);
        return lost_;
    }
    return !changed_.wait_for(held, *limit, is_done) || lost_;
}

void OutputWriter::run() {
    std::unique_lock<std::mutex> held(mutex_);
    for (;;) {
        changed_.wait(held, [this] { return !waiting_.empty(); });
        const Piece piece = std::move(waiting_.front());
        waiting_.pop_front();
        writing_ = true;
        held.unlock();
        write_out(piece);
        held.lock();
        writing_ = false;
        waiting_bytes_ -= piece.bytes.size();
        const bool tell = room_wanted_ && waiting_bytes_ <= kMaxWaitingBytes / 2;
        if (tell) room_wanted_ = false;
        changed_.notify_all();
        if (!tell) continue;
        held.unlock();
        on_room_();
        held.lock();
    }
}

void OutputWriter::write_out(const Piece& piece) {
    size_t done = 0;
    while (done < piece.bytes.size()) {
        const ssize_t written =
            ::write(piece.fd, piece.bytes.data() + done, piece.bytes.size() - done);
        if (written >= 0) {
            done += static_cast<size_t>(written);
        } else if (errno == EAGAIN) {
            // Somebody made the pipe or terminal one that does not block, and its reader is slow.
            pollfd room{piece.fd, POLLOUT, 0};
            poll(&room, 1, -1);
        } else if (errno == EPIPE) {
            return on_broken_pipe_();
        } else if (errno != EINTR) {
            return report_lost(piece.fd, errno);
        }
    }
}

void OutputWriter::report_lost(int fd, int error) {
    const std::lock_guard<std::mutex> held(mutex_);
    if (lost_) return;
    lost_ = true;
    // stderr cannot tell of its own failure.
    if (fd == STDERR_FILENO) return;
    const std::string text =
        std::string("heddle: cannot write to standard output: ") + strerror(error) + "\n";
    (void)!::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace heddle::host

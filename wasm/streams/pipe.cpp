// Pipes: pipe() and pipe2(), one channel with a file at each end.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <syscall_arch.h>

#include <memory>

#include "streams/channel.h"
#include "streams/open_pair.h"
#include "streams/stream_file.h"

namespace heddle {
namespace {

int capacity_of(Channel& channel, uint32_t wanted) {
    return wanted == 0 ? static_cast<int>(channel.capacity()) : channel.resize(wanted);
}

class PipeReader final : public StreamFile {
  public:
    explicit PipeReader(std::shared_ptr<Channel> channel)
        : StreamFile(Kind::pipe, S_IRUSR | S_IWUSR, S_IFIFO), channel_(std::move(channel)) {}

    ssize_t receive(Scatter& into, Deadline deadline) override {
        return channel_->read(into, deadline);
    }
    ssize_t send(Gather&, Deadline) override { return -EBADF; }
    short readiness() override { return channel_->read_readiness(); }
    size_t available() override { return channel_->available(); }
    int pipe_capacity(uint32_t wanted) override { return capacity_of(*channel_, wanted); }

  private:
    // WASMFS calls this when the last descriptor of this end is closed.
    int close() override {
        channel_->close_reader();
        return 0;
    }

    const std::shared_ptr<Channel> channel_;
};

class PipeWriter final : public StreamFile {
  public:
    explicit PipeWriter(std::shared_ptr<Channel> channel)
        : StreamFile(Kind::pipe, S_IRUSR | S_IWUSR, S_IFIFO), channel_(std::move(channel)) {}

    ssize_t receive(Scatter&, Deadline) override { return -EBADF; }
    ssize_t send(Gather& from, Deadline deadline) override {
        return channel_->write(from, deadline, Atomic::yes);
    }
    short readiness() override { return channel_->write_readiness(Atomic::yes); }
    size_t available() override { return 0; }
    int pipe_capacity(uint32_t wanted) override { return capacity_of(*channel_, wanted); }

  private:
    int close() override {
        channel_->close_writer();
        return 0;
    }

    const std::shared_ptr<Channel> channel_;
};

int make_pipe(int* fds, int flags) {
    if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) return -EINVAL;
    auto channel = std::make_shared<Channel>();
    const int nonblocking = flags & O_NONBLOCK;
    return open_pair({std::make_shared<PipeReader>(channel), O_RDONLY | nonblocking},
                     {std::make_shared<PipeWriter>(channel), O_WRONLY | nonblocking},
                     (flags & O_CLOEXEC) != 0, fds);
}

}  // namespace
}  // namespace heddle

extern "C" {

int __wrap___syscall_pipe(intptr_t fds) {
    return heddle::make_pipe(reinterpret_cast<int*>(fds), 0);
}

// Emscripten's is weak and fails.
int __syscall_pipe2(intptr_t fds, int flags) {
    return heddle::make_pipe(reinterpret_cast<int*>(fds), flags);
}

}  // extern "C"

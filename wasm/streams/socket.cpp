// Sockets: socketpair(AF_UNIX, SOCK_STREAM) and what can be done with its two ends.
// SPDX-License-Identifier: MIT
//
// There is no network: socket() fails with EAFNOSUPPORT whatever is asked for. A pair of connected
// sockets inside the process is all that event loops need to wake themselves, and it is complete:
// shutdown, timeouts through poll(), peeking, options, names.
//
// __syscall_socketpair, _shutdown and _setsockopt take the place of Emscripten's at link time; the
// others are wrapped (wasm/README.md).
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syscall_arch.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "streams/channel.h"
#include "streams/io_wait.h"
#include "streams/open_pair.h"
#include "streams/stream_file.h"

namespace heddle {
namespace {

class SocketFile final : public StreamFile {
  public:
    SocketFile(std::shared_ptr<Channel> in, std::shared_ptr<Channel> out)
        : StreamFile(Kind::socket, S_IRWXU | S_IRWXG | S_IRWXO, S_IFSOCK),
          in_(std::move(in)),
          out_(std::move(out)) {}

    ssize_t receive(Scatter& into, Deadline deadline) override { return in_->read(into, deadline); }
    ssize_t send(Gather& from, Deadline deadline) override {
        return out_->write(from, deadline, Atomic::no);
    }
    ssize_t peek(Scatter& into, Deadline deadline) { return in_->read(into, deadline, Peek::yes); }

    short readiness() override {
        const short in = in_->read_readiness();
        const short out = out_->write_readiness(Atomic::no);
        short bits = (in & ~POLLHUP) | (out & ~POLLERR);
        if ((in & POLLHUP) != 0) {
            bits |= POLLIN | POLLRDNORM | POLLRDHUP;  // a read gives the end of file at once
            if ((out & POLLERR) != 0) bits |= POLLHUP;
        }
        return bits;
    }
    size_t available() override { return in_->available(); }

    int shut_down(int how) {
        if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) return -EINVAL;
        if (how != SHUT_WR) in_->close_writer();
        if (how != SHUT_RD) out_->close_writer();
        return 0;
    }

  private:
    int close() override {
        in_->close_reader();
        out_->close_writer();
        return 0;
    }

    const std::shared_ptr<Channel> in_;
    const std::shared_ptr<Channel> out_;
};

struct SocketDescriptor {
    std::shared_ptr<SocketFile> file;
    int error = 0;  // negative errno when there is no file
    bool nonblocking = false;

    Deadline deadline(int message_flags) const {
        return io_deadline(nonblocking || (message_flags & MSG_DONTWAIT) != 0);
    }
};

SocketDescriptor look_up_socket(int fd) {
    const Descriptor descriptor = look_up(fd);
    if (!descriptor.is_open()) return {.file = nullptr, .error = -EBADF};
    const auto stream = as_stream(descriptor.file);
    if (stream == nullptr || stream->stream_kind() != StreamFile::Kind::socket) {
        return {.file = nullptr, .error = -ENOTSOCK};
    }
    return {.file = std::static_pointer_cast<SocketFile>(stream),
            .nonblocking = descriptor.is_nonblocking()};
}

// For calls that are refused: the reason is the descriptor if that is no socket.
int refuse(int fd, int error) {
    const SocketDescriptor socket = look_up_socket(fd);
    return socket.file == nullptr ? socket.error : -error;
}

int make_pair(int domain, int type, int protocol, int* fds) {
    constexpr int kTypeFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    if (domain != AF_UNIX) return -EAFNOSUPPORT;
    if ((type & ~kTypeFlags) != SOCK_STREAM) return -ESOCKTNOSUPPORT;
    if (protocol != 0 && protocol != PF_UNIX) return -EPROTONOSUPPORT;
    auto there = std::make_shared<Channel>();
    auto back = std::make_shared<Channel>();
    const int flags = O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
    return open_pair({std::make_shared<SocketFile>(back, there), flags},
                     {std::make_shared<SocketFile>(there, back), flags}, (type & SOCK_CLOEXEC) != 0,
                     fds);
}

ssize_t receive(const SocketDescriptor& socket, Scatter& into, int flags) {
    const Deadline deadline = socket.deadline(flags);
    if ((flags & MSG_OOB) != 0) return -EINVAL;
    if ((flags & MSG_PEEK) != 0) return socket.file->peek(into, deadline);
    ssize_t total = 0;
    do {
        const ssize_t result = socket.file->receive(into, deadline);
        if (result < 0) return total > 0 ? total : result;
        if (result == 0) break;
        total += result;
    } while ((flags & MSG_WAITALL) != 0 && into.left() > 0);
    return total;
}

// Both ends have no name: just the family.
int give_name(int fd, intptr_t address, intptr_t length) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    auto* size = reinterpret_cast<socklen_t*>(length);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    constexpr socklen_t kNameBytes = offsetof(sockaddr_un, sun_path);
    std::memcpy(reinterpret_cast<void*>(address), &name, std::min(*size, kNameBytes));
    *size = kNameBytes;
    return 0;
}

// The value of a SOL_SOCKET option that all our sockets share; false if there is no such option.
bool option_value(int option, int* value) {
    switch (option) {
        case SO_TYPE:
            *value = SOCK_STREAM;
            return true;
        case SO_DOMAIN:
            *value = AF_UNIX;
            return true;
        case SO_SNDBUF:
        case SO_RCVBUF:
            *value = Channel::kCapacity;
            return true;
        case SO_ERROR:
        case SO_PROTOCOL:
        case SO_ACCEPTCONN:
        case SO_KEEPALIVE:
        case SO_REUSEADDR:
        case SO_REUSEPORT:
        case SO_BROADCAST:
        case SO_DONTROUTE:
        case SO_OOBINLINE:
        case SO_RCVLOWAT:
            *value = 0;
            return true;
        default:
            return false;
    }
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

int __wrap___syscall_socket(int, int, int, int, int, int) { return -EAFNOSUPPORT; }

// Emscripten's is weak and fails, as do its shutdown and setsockopt.
int __syscall_socketpair(int domain, int type, int protocol, intptr_t fds, int, int) {
    return make_pair(domain, type, protocol, reinterpret_cast<int*>(fds));
}

int __syscall_shutdown(int fd, int how, int, int, int, int) {
    const SocketDescriptor socket = look_up_socket(fd);
    return socket.file == nullptr ? socket.error : socket.file->shut_down(how);
}

int __wrap___syscall_bind(int fd, intptr_t, size_t, int, int, int) { return refuse(fd, EINVAL); }
int __wrap___syscall_listen(int fd, int, int, int, int, int) { return refuse(fd, EINVAL); }
int __wrap___syscall_connect(int fd, intptr_t, size_t, int, int, int) {
    return refuse(fd, EISCONN);
}
int __wrap___syscall_accept4(int fd, intptr_t, intptr_t, int, int, int) {
    return refuse(fd, EINVAL);
}

int __wrap___syscall_getsockname(int fd, intptr_t address, intptr_t length, int, int, int) {
    return give_name(fd, address, length);
}
int __wrap___syscall_getpeername(int fd, intptr_t address, intptr_t length, int, int, int) {
    return give_name(fd, address, length);
}

int __wrap___syscall_getsockopt(int fd, int level, int option, intptr_t value, intptr_t length,
                                int) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    int number = 0;
    if (level != SOL_SOCKET || !option_value(option, &number)) return -ENOPROTOOPT;
    auto* size = reinterpret_cast<socklen_t*>(length);
    *size = std::min<socklen_t>(*size, sizeof number);
    std::memcpy(reinterpret_cast<void*>(value), &number, *size);
    return 0;
}

// Options that can be read can be "set": none of them changes anything here.
int __syscall_setsockopt(int fd, int level, int option, intptr_t, size_t, int) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    int number = 0;
    return level == SOL_SOCKET && option_value(option, &number) ? 0 : -ENOPROTOOPT;
}

int __wrap___syscall_sendto(int fd, intptr_t message, size_t size, int flags, intptr_t address,
                            size_t) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    if (address != 0) return -EISCONN;
    const __wasi_ciovec_t piece{reinterpret_cast<const uint8_t*>(message), size};
    Gather from(&piece, 1);
    return static_cast<int>(socket.file->send(from, socket.deadline(flags)));
}

int __wrap___syscall_recvfrom(int fd, intptr_t message, size_t size, int flags, intptr_t,
                              intptr_t address_length) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    const __wasi_iovec_t piece{reinterpret_cast<uint8_t*>(message), size};
    Scatter into(&piece, 1);
    const ssize_t result = receive(socket, into, flags);
    if (result >= 0 && address_length != 0) *reinterpret_cast<socklen_t*>(address_length) = 0;
    return static_cast<int>(result);
}

// Messages carry bytes only: descriptors would go nowhere, there is one process.
int __wrap___syscall_sendmsg(int fd, intptr_t message, int flags, intptr_t, size_t, int) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    const auto* header = reinterpret_cast<const msghdr*>(message);
    if (header->msg_name != nullptr) return -EISCONN;
    if (header->msg_controllen != 0) return -EOPNOTSUPP;
    Gather from(reinterpret_cast<const __wasi_ciovec_t*>(header->msg_iov),
                static_cast<size_t>(header->msg_iovlen));
    return static_cast<int>(socket.file->send(from, socket.deadline(flags)));
}

int __wrap___syscall_recvmsg(int fd, intptr_t message, int flags, int, int, int) {
    const SocketDescriptor socket = look_up_socket(fd);
    if (socket.file == nullptr) return socket.error;
    auto* header = reinterpret_cast<msghdr*>(message);
    Scatter into(reinterpret_cast<const __wasi_iovec_t*>(header->msg_iov),
                 static_cast<size_t>(header->msg_iovlen));
    const ssize_t result = receive(socket, into, flags);
    if (result >= 0) {
        header->msg_namelen = 0;
        header->msg_controllen = 0;
        header->msg_flags = 0;
    }
    return static_cast<int>(result);
}

}  // extern "C"

// Descriptor control: fcntl, ioctl, dup and isatty, where WASMFS's own do too little.
// SPDX-License-Identifier: MIT
//
// In WASMFS (3.1.69)
//   F_SETFL refuses O_NONBLOCK and forgets the access mode, and F_GETFD says 0;
//   locks always fail, which makes sqlite believe that its files are in use;
//   dup2() over an open descriptor does not close the one that it replaces, so a pipe's other end
//   would wait forever;
//   fdatasync() gives its error with the wrong sign;
//   ioctl() knows no FIONBIO, no close-on-exec, and no terminal size.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <syscall_arch.h>

#include "streams/close_on_exec.h"
#include "streams/stream_file.h"
#include "wasmfs.h"

namespace heddle {
namespace {

// What fcntl(F_SETFL) may change, and what fcntl(F_GETFL) does not report.
constexpr int kChangeableFlags = O_APPEND | O_NONBLOCK;
constexpr int kCreationFlags = O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW;

// A descriptor as large as this is a mistake; WASMFS's table would grow up to it.
constexpr int kDescriptorLimit = 65536;

__wasi_fd_t number_of(int fd) { return static_cast<__wasi_fd_t>(fd); }

// Sets the flags in `mask` to `value`.
int change_flags(int fd, int mask, int value) {
    auto entry = wasmfs::wasmFS.getFileTable().locked().getEntry(number_of(fd));
    if (!entry) return -EBADF;
    auto locked = entry->locked();
    const int others = static_cast<int>(locked.getFlags()) & ~mask;
    locked.setFlags(static_cast<wasmfs::oflags_t>(others | (value & mask)));
    return 0;
}

int window_size(StreamFile* stream, struct winsize* out) {
    TerminalSize size;
    if (stream == nullptr || !stream->is_terminal(&size)) return -ENOTTY;
    *out = {};
    out->ws_col = size.columns;
    out->ws_row = size.rows;
    return 0;
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

int __real___syscall_fcntl64(int fd, int command, ...);
int __real___syscall_dup(int fd);

int __wrap___syscall_fcntl64(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* pointer = va_arg(arguments, void*);
    va_end(arguments);
    const int value = static_cast<int>(reinterpret_cast<intptr_t>(pointer));

    const Descriptor descriptor = look_up(fd);
    if (!descriptor.is_open()) return -EBADF;
    switch (command) {
        case F_GETFD:
            return is_close_on_exec(fd) ? FD_CLOEXEC : 0;
        case F_SETFD:
            set_close_on_exec(fd, (value & FD_CLOEXEC) != 0);
            return 0;
        case F_GETFL:
            return descriptor.flags & ~kCreationFlags;
        case F_SETFL:
            return change_flags(fd, kChangeableFlags, value);
        case F_DUPFD:
        case F_DUPFD_CLOEXEC: {
            if (value < 0 || value >= kDescriptorLimit) return -EINVAL;
            const int copy = __real___syscall_fcntl64(fd, F_DUPFD, value);
            if (copy >= 0) set_close_on_exec(copy, command == F_DUPFD_CLOEXEC);
            return copy;
        }
        // The locks of one process never conflict, and there is one process.
        case F_GETLK:
            static_cast<struct flock*>(pointer)->l_type = F_UNLCK;
            return 0;
        case F_SETLK:
        case F_SETLKW:
            return 0;
        case F_GETPIPE_SZ:
        case F_SETPIPE_SZ: {
            if (command == F_SETPIPE_SZ && value <= 0) return -EINVAL;
            const auto stream = as_stream(descriptor.file);
            const int wanted = command == F_SETPIPE_SZ ? value : 0;
            return stream != nullptr ? stream->pipe_capacity(static_cast<uint32_t>(wanted))
                                     : -EBADF;
        }
        default:
            return __real___syscall_fcntl64(fd, command, pointer);
    }
}

int __wrap___syscall_ioctl(int fd, int request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void* pointer = va_arg(arguments, void*);
    va_end(arguments);

    const Descriptor descriptor = look_up(fd);
    if (!descriptor.is_open()) return -EBADF;
    const auto stream = as_stream(descriptor.file);
    switch (request) {
        case FIOCLEX:
            set_close_on_exec(fd, true);
            return 0;
        case FIONCLEX:
            set_close_on_exec(fd, false);
            return 0;
        case FIONBIO:
            return change_flags(fd, O_NONBLOCK, *static_cast<int*>(pointer) != 0 ? O_NONBLOCK : 0);
        case FIONREAD:
            if (stream == nullptr) return -ENOTTY;
            *static_cast<int*>(pointer) = static_cast<int>(stream->available());
            return 0;
        case TIOCGWINSZ:
            return window_size(stream.get(), static_cast<struct winsize*>(pointer));
        // No termios: with a tcsetattr() that pretends, getpass() would believe that nobody sees
        // the password.
        default:
            return -ENOTTY;
    }
}

// Emscripten's own says no for everything, because WASMFS reports no character devices.
int isatty(int fd) {
    const Descriptor descriptor = look_up(fd);
    const auto stream = as_stream(descriptor.file);
    if (stream != nullptr && stream->is_terminal(nullptr)) return 1;
    errno = descriptor.is_open() ? ENOTTY : EBADF;
    return 0;
}

int __wrap___syscall_fdatasync(int fd) { return -__wasi_fd_sync(number_of(fd)); }

int __wrap___syscall_dup(int fd) {
    const int copy = __real___syscall_dup(fd);
    if (copy >= 0) set_close_on_exec(copy, false);
    return copy;
}

int __wrap___syscall_dup3(int from, int to, int flags) {
    if (from == to || (flags & ~O_CLOEXEC) != 0) return -EINVAL;
    if (to < 0 || to >= kDescriptorLimit) return -EBADF;
    std::shared_ptr<wasmfs::DataFile> replaced;
    {
        auto table = wasmfs::wasmFS.getFileTable().locked();
        auto entry = from >= 0 ? table.getEntry(number_of(from)) : nullptr;
        if (!entry) return -EBADF;
        replaced = table.setEntry(number_of(to), entry);
    }
    // Outside the table's lock, as WASMFS does when it closes.
    if (replaced) (void)replaced->locked().close();
    set_close_on_exec(to, (flags & O_CLOEXEC) != 0);
    return to;
}

}  // extern "C"

// Descriptors: read and write for everything, without WASMFS's locks where they may wait.
// SPDX-License-Identifier: MIT
//
// Overview
//   All reading and writing of C code, stdio's included, ends in __wasi_fd_read and
//   __wasi_fd_write. WASMFS defines them beside hundreds of others in one object. The linker's
//   --wrap gives us the calls (__wrap_*) and leaves WASMFS's functions callable (__real_*). Streams
//   are served here. Other files go on to WASMFS, after a check of the access mode, which it lacks.
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <wasi/api.h>

#include "streams/io_wait.h"
#include "streams/stream_file.h"

using heddle::as_stream;
using heddle::Descriptor;
using heddle::Gather;
using heddle::look_up;
using heddle::Scatter;

// What POSIX lets a call refuse: more pieces than IOV_MAX, or more bytes than its result could say. WASMFS
// would end the program.
template <typename Piece>
static bool is_too_much(const Piece* pieces, size_t count) {
    if (count > IOV_MAX) return true;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) bytes += pieces[i].buf_len;
    return bytes > SSIZE_MAX;
}

extern "C" {

__wasi_errno_t __real___wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t* pieces, size_t count,
                                     __wasi_size_t* bytes_out);
__wasi_errno_t __real___wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t* pieces, size_t count,
                                      __wasi_size_t* bytes_out);
__wasi_errno_t __real___wasi_fd_pread(__wasi_fd_t fd, const __wasi_iovec_t* pieces, size_t count,
                                      __wasi_filesize_t offset, __wasi_size_t* bytes_out);
__wasi_errno_t __real___wasi_fd_pwrite(__wasi_fd_t fd, const __wasi_ciovec_t* pieces, size_t count,
                                       __wasi_filesize_t offset, __wasi_size_t* bytes_out);

// The WASI errno for a result, whose bytes go to *bytes_out.
static __wasi_errno_t finish(ssize_t result, __wasi_size_t* bytes_out) {
    if (result < 0) return static_cast<__wasi_errno_t>(-result);
    *bytes_out = static_cast<__wasi_size_t>(result);
    return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wrap___wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t* pieces, size_t count,
                                     __wasi_size_t* bytes_out) {
    const Descriptor descriptor = look_up(static_cast<int>(fd));
    if (!descriptor.is_open() || !descriptor.can_read()) return EBADF;
    if (is_too_much(pieces, count)) return EINVAL;
    const auto stream = as_stream(descriptor.file);
    if (stream == nullptr) return __real___wasi_fd_read(fd, pieces, count, bytes_out);
    Scatter into(pieces, count);
    return finish(stream->receive(into, heddle::io_deadline(descriptor.is_nonblocking())),
                  bytes_out);
}

__wasi_errno_t __wrap___wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t* pieces, size_t count,
                                      __wasi_size_t* bytes_out) {
    const Descriptor descriptor = look_up(static_cast<int>(fd));
    if (!descriptor.is_open() || !descriptor.can_write()) return EBADF;
    if (is_too_much(pieces, count)) return EINVAL;
    const auto stream = as_stream(descriptor.file);
    if (stream == nullptr) return __real___wasi_fd_write(fd, pieces, count, bytes_out);
    Gather from(pieces, count);
    return finish(stream->send(from, heddle::io_deadline(descriptor.is_nonblocking())), bytes_out);
}

__wasi_errno_t __wrap___wasi_fd_pread(__wasi_fd_t fd, const __wasi_iovec_t* pieces, size_t count,
                                      __wasi_filesize_t offset, __wasi_size_t* bytes_out) {
    const Descriptor descriptor = look_up(static_cast<int>(fd));
    if (!descriptor.is_open() || !descriptor.can_read()) return EBADF;
    if (is_too_much(pieces, count)) return EINVAL;
    if (as_stream(descriptor.file) != nullptr) return ESPIPE;
    return __real___wasi_fd_pread(fd, pieces, count, offset, bytes_out);
}

__wasi_errno_t __wrap___wasi_fd_pwrite(__wasi_fd_t fd, const __wasi_ciovec_t* pieces, size_t count,
                                       __wasi_filesize_t offset, __wasi_size_t* bytes_out) {
    const Descriptor descriptor = look_up(static_cast<int>(fd));
    if (!descriptor.is_open() || !descriptor.can_write()) return EBADF;
    if (is_too_much(pieces, count)) return EINVAL;
    if (as_stream(descriptor.file) != nullptr) return ESPIPE;
    return __real___wasi_fd_pwrite(fd, pieces, count, offset, bytes_out);
}

}  // extern "C"

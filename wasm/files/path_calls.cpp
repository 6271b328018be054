// Path calls: open, mkdir and symlink, with the host's own reason where WASMFS has only a general one.
// SPDX-License-Identifier: MIT
//
// A WASMFS folder answers "no file" or "not made", without a reason; open() then fails with ENOENT
// or EIO, symlink() with EPERM. The reason is known to the thread that asked the host, so it is
// kept until the call returns.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <syscall_arch.h>

#include "files/host_tree.h"
#include "streams/close_on_exec.h"

namespace heddle {
namespace {

struct Look {
    const wasmfs::File* file = nullptr;
    heddle_host_stat_t stat{};
};

thread_local Look t_look;           // of this thread's last lookup
thread_local int t_host_error = 0;  // negative errno of this thread's last failure on the host

// What the call returns: its own result, or the host's reason for a general error.
int explained(int result, int general_error) {
    if (t_host_error == 0 || t_host_error == -ENOENT) return result;
    return result == general_error || result == -ENOENT ? t_host_error : result;
}

}  // namespace

void remember_look(const wasmfs::File* file, const heddle_host_stat_t& stat) {
    t_look = {file, stat};
}

bool take_look(const wasmfs::File* file, heddle_host_stat_t* out) {
    if (t_look.file != file) return false;
    *out = t_look.stat;
    t_look.file = nullptr;
    return true;
}

int remember_host_error(int result) {
    t_host_error = result < 0 ? result : 0;
    return result;
}

}  // namespace heddle

using namespace heddle;

extern "C" {

int __real___syscall_openat(int folder, intptr_t path, int flags, ...);
int __real___syscall_mkdirat(int folder, intptr_t path, int mode);
int __real___syscall_symlinkat(intptr_t target, int folder, intptr_t path);

int __wrap___syscall_openat(int folder, intptr_t path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const int mode = va_arg(arguments, int);
    va_end(arguments);
    remember_host_error(0);
    const int fd = __real___syscall_openat(folder, path, flags, mode);
    if (fd < 0) return explained(fd, -EIO);
    set_close_on_exec(fd, (flags & O_CLOEXEC) != 0);
    return fd;
}

int __wrap___syscall_mkdirat(int folder, intptr_t path, int mode) {
    remember_host_error(0);
    return explained(__real___syscall_mkdirat(folder, path, mode), -EIO);
}

int __wrap___syscall_symlinkat(intptr_t target, int folder, intptr_t path) {
    remember_host_error(0);
    return explained(__real___syscall_symlinkat(target, folder, path), -EPERM);
}

int __wrap___syscall_symlink(intptr_t target, intptr_t path) {
    return __wrap___syscall_symlinkat(target, AT_FDCWD, path);
}

}  // extern "C"

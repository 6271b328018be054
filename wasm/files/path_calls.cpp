// Path calls: open, mkdir, symlink and rename, where WASMFS's own say less than POSIX or do less.
// SPDX-License-Identifier: MIT
//
// In WASMFS (3.1.69) open() does not make the file that a link names, umask() is remembered but masks
// nothing, and rename() of a file to a name that ends in a slash is taken.
//
// A WASMFS folder answers "no file" or "not made", without a reason; open() then fails with ENOENT
// or EIO, symlink() with EPERM. The reason is known to the thread that asked the host, so it is
// kept until the call returns.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <syscall_arch.h>

#include <atomic>
#include <string>
#include <string_view>

#include "files/host_tree.h"
#include "files/path_rules.h"
#include "paths.h"
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

// Of the whole program. No order is needed: a thread that must see a change was told of it otherwise.
std::atomic<int> g_mask{S_IWGRP | S_IWOTH};

int masked(int mode) { return mode & ~g_mask.load(std::memory_order_relaxed); }

constexpr int kMostLinks = 40;

// The path that open() is to use in the place of one that names a link; empty if it names none.
std::string through_link(int folder, const std::string& path) {
    auto parsed = wasmfs::path::parseParent(path, static_cast<__wasi_fd_t>(folder));
    if (parsed.getError() != 0) return {};
    auto& [parent, name] = parsed.getParentChild();
    const auto file = parent->locked().getChild(std::string(name));
    const auto link = file != nullptr ? file->dynCast<wasmfs::Symlink>() : nullptr;
    if (link == nullptr) return {};
    const std::string target = link->getTarget();
    if (target.empty() || target.front() == '/') return target;
    return path.substr(0, path.rfind('/') + 1) + target;
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
int __real___syscall_renameat(int old_folder, intptr_t old_path, int folder, intptr_t path);

int __syscall_umask(int mask) { return g_mask.exchange(mask & 0777, std::memory_order_relaxed); }

int __wrap___syscall_openat(int folder, intptr_t path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const int mode = va_arg(arguments, int);
    va_end(arguments);
    remember_host_error(0);
    const bool may_make = (flags & O_CREAT) != 0 && path != 0;
    if (may_make && ends_in_slash(reinterpret_cast<const char*>(path))) return -EISDIR;
    int fd = __real___syscall_openat(folder, path, flags, masked(mode));
    if (fd == -ENOENT && may_make) {
        std::string name = reinterpret_cast<const char*>(path);
        for (int links = 0; fd == -ENOENT; links++) {
            name = through_link(folder, name);
            if (name.empty()) break;
            if ((flags & O_EXCL) != 0) return -EEXIST;
            if ((flags & O_NOFOLLOW) != 0 || links == kMostLinks) return -ELOOP;
            remember_host_error(0);
            fd = __real___syscall_openat(folder, reinterpret_cast<intptr_t>(name.c_str()), flags,
                                         masked(mode));
        }
    }
    if (fd < 0) return explained(fd, -EIO);
    set_close_on_exec(fd, (flags & O_CLOEXEC) != 0);
    return fd;
}

int __wrap___syscall_mkdirat(int folder, intptr_t path, int mode) {
    remember_host_error(0);
    return explained(__real___syscall_mkdirat(folder, path, masked(mode)), -EIO);
}

int __wrap___syscall_symlinkat(intptr_t target, int folder, intptr_t path) {
    remember_host_error(0);
    if (const auto* name = reinterpret_cast<const char*>(path); ends_in_slash(name)) {
        auto parsed = wasmfs::path::parseFile(name, static_cast<__wasi_fd_t>(folder));
        return parsed.getError() != 0 ? static_cast<int>(parsed.getError()) : -EEXIST;
    }
    return explained(__real___syscall_symlinkat(target, folder, path), -EPERM);
}

int __wrap___syscall_renameat(int old_folder, intptr_t old_path, int folder, intptr_t path) {
    if (ends_in_slash(reinterpret_cast<const char*>(path))) {
        const auto old = wasmfs::path::parseFile(reinterpret_cast<const char*>(old_path),
                                                 static_cast<__wasi_fd_t>(old_folder),
                                                 wasmfs::path::NoFollowLinks);
        if (auto found = old; found.getError() == 0 && !found.getFile()->is<wasmfs::Directory>()) {
            return -ENOTDIR;
        }
    }
    return __real___syscall_renameat(old_folder, old_path, folder, path);
}

int __wrap___syscall_symlink(intptr_t target, intptr_t path) {
    return __wrap___syscall_symlinkat(target, AT_FDCWD, path);
}

}  // extern "C"

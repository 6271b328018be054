// Host attributes: chmod and utime of files in a mount reach the host.
// SPDX-License-Identifier: MIT
//
// WASMFS keeps mode and times itself and does not tell its backends about a change, so the calls
// are taken at the linker's --wrap: the host changes first, and if it agrees WASMFS follows.
#include <emscripten.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <syscall_arch.h>

#include <limits>

#include "files/host_tree.h"
#include "host/milliseconds.h"
#include "paths.h"
#include "streams/stream_file.h"

namespace heddle {
namespace {

using FilePointer = std::shared_ptr<wasmfs::File>;

// What is to change on the host: null if the file is not the host's, or is a link itself, whose
// attributes the host is not asked to change.
const HostPlace* place_to_change(const FilePointer& file) {
    const HostPlace* place = host_place_of(file);
    return place == nullptr || file->is<wasmfs::Symlink>() ? nullptr : place;
}

// A file that has no name any more changes here only.
int unless_removed(int result) { return result == -ENOENT ? 0 : result; }

// Null if there is no such file; the call itself then says why.
FilePointer find(int folder, intptr_t path, int flags) {
    const char* name = path != 0 ? reinterpret_cast<const char*>(path) : "";
    auto parsed = wasmfs::path::getFileAt(static_cast<__wasi_fd_t>(folder), name, flags);
    return parsed.getError() != 0 ? nullptr : parsed.getFile();
}

int change_mode(const FilePointer& file, int mode) {
    const HostPlace* place = place_to_change(file);
    if (place == nullptr) return 0;
    return unless_removed(place->at([&](int folder, const char* name) {
        return heddle_host_chmod(folder, name, mode & 0777);
    }));
}

// The host's own now: it is finer than ours, and the one that its other files are given.
constexpr double kNow = std::numeric_limits<double>::quiet_NaN();

double milliseconds(const timespec& time, double unchanged) {
    if (time.tv_nsec == UTIME_NOW) return kNow;
    if (time.tv_nsec == UTIME_OMIT) return unchanged;
    return to_ms(time);
}

int change_times(const FilePointer& file, const timespec* times) {
    const HostPlace* place = place_to_change(file);
    if (place == nullptr) return 0;
    return unless_removed(place->at([&](int folder, const char* name) {
        if (times == nullptr) return heddle_host_utimes(folder, name, kNow, kNow);
        heddle_host_stat_t stat;
        if (int error = heddle_host_stat(folder, name, &stat)) return error;
        return heddle_host_utimes(folder, name, milliseconds(times[0], stat.atime_ms),
                                  milliseconds(times[1], stat.mtime_ms));
    }));
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

int __real___syscall_fchmodat2(int folder, intptr_t path, int mode, int flags);
int __real___syscall_fchmod(int fd, int mode);
int __real___syscall_utimensat(int folder, intptr_t path, intptr_t times, int flags);

int __wrap___syscall_fchmodat2(int folder, intptr_t path, int mode, int flags) {
    if (int error = change_mode(find(folder, path, flags & AT_SYMLINK_NOFOLLOW), mode)) {
        return error;
    }
    return __real___syscall_fchmodat2(folder, path, mode, flags);
}

int __wrap___syscall_chmod(intptr_t path, int mode) {
    return __wrap___syscall_fchmodat2(AT_FDCWD, path, mode, 0);
}

int __wrap___syscall_fchmod(int fd, int mode) {
    if (int error = change_mode(look_up(fd).file, mode)) return error;
    return __real___syscall_fchmod(fd, mode);
}

int __wrap___syscall_utimensat(int folder, intptr_t path, intptr_t times, int flags) {
    const auto file = find(folder, path, (flags & AT_SYMLINK_NOFOLLOW) | AT_EMPTY_PATH);
    if (int error = change_times(file, reinterpret_cast<const timespec*>(times))) return error;
    // futimens() passes no path; WASMFS reads what is at address 0.
    const intptr_t name = path != 0 ? path : reinterpret_cast<intptr_t>("");
    // There may be a file now where there was none before: another program's, in a mount.
    const int result = __real___syscall_utimensat(folder, name, times, flags);
    if (const auto* set = reinterpret_cast<const timespec*>(times);
        result == 0 && set != nullptr && file != nullptr) {
        auto locked = file->locked();
        if (set[0].tv_nsec != UTIME_OMIT) locked.setATime(readable_time(locked.getATime()));
        if (set[1].tv_nsec != UTIME_OMIT) locked.setMTime(readable_time(locked.getMTime()));
    }
    return result;
}

}  // extern "C"

// File imports: the calls of host.h on this machine's files, as guest_files.h lets them through.
// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "../host/host.h"
#include "../host/milliseconds.h"
#include "guest_errno.h"
#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

// As much as the system moves in one call at most.
constexpr uint32_t kMostBytes = 1 << 30;

// The program has no users: a setuid file of its making would be one of this machine's.
constexpr int kPermissions = 0777;

int32_t failure(int error) { return -to_guest_errno(error); }
// What a system call returned, or its failure.
int32_t result_of(int64_t result) {
    return result < 0 ? failure(errno) : static_cast<int32_t>(result);
}

GuestFiles& files_of(Thread& self) { return self.program().files(); }

// As host.h has them: one name in a folder. A thread that wrote into the name while it was copied may have
// put a 0 in its middle, where system calls would end it.
bool is_name(const std::string& name) {
    return !name.empty() && name != ".." &&
           name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
}

// Calls use(fd) with the open file of a number.
template <typename Use>
int32_t on_file(Thread& self, int32_t number, Use use) {
    const std::shared_ptr<Descriptor> file = files_of(self).get(number);
    return file != nullptr && !file->is_folder() ? use(file->fd()) : failure(EBADF);
}

// The same with an open folder.
template <typename Use>
int32_t on_folder(Thread& self, int32_t number, Use use) {
    const std::shared_ptr<Descriptor> folder = files_of(self).folder(number);
    if (folder != nullptr) return use(folder->fd());
    const std::shared_ptr<Descriptor> moved = files_of(self).get(number);
    return failure(moved != nullptr && moved->is_folder() ? ENOENT : EBADF);
}

// Calls use(fd, name) with an open folder and the name in it.
template <typename Use>
int32_t at(Thread& self, int32_t folder, uint32_t name, Use use) {
    const std::string text = self.program().memory().text(name);
    if (!is_name(text)) return failure(EINVAL);
    return on_folder(self, folder, [&](int fd) { return use(fd, text.c_str()); });
}

// Puts what was opened into the table.
int32_t add(Thread& self, int fd, Descriptor::Kind kind) {
    const int number = files_of(self).add(std::make_shared<Descriptor>(fd, kind));
    return number < 0 ? failure(-number) : number;
}

int open_flags(int flags) {
    const bool reads = flags & HEDDLE_OPEN_READ, writes = flags & HEDDLE_OPEN_WRITE;
    int result = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
    if (flags & HEDDLE_OPEN_CREATE) result |= O_CREAT;
    if (flags & HEDDLE_OPEN_EXCLUSIVE) result |= O_EXCL;
    if (flags & HEDDLE_OPEN_TRUNCATE) result |= O_TRUNC;
    // The module sees terminals and pipes through its own console only. A pipe would hold the thread up
    // until somebody opens its other end.
    return result | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
}

int32_t open_folder(Thread& self, int32_t folder, uint32_t name) {
    return at(self, folder, name, [&](int parent, const char* name) {
        const int fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return fd < 0 ? failure(errno) : add(self, fd, Descriptor::kFolder);
    });
}

int32_t open_file(Thread& self, int32_t folder, uint32_t name, int32_t flags, int32_t mode) {
    return at(self, folder, name, [&](int parent, const char* name) {
        const int fd = openat(parent, name, open_flags(flags), mode & kPermissions);
        return fd < 0 ? failure(errno) : add(self, fd, Descriptor::kFile);
    });
}

int32_t close_file(Thread& self, int32_t number) {
    return files_of(self).remove(number) ? 0 : failure(EBADF);
}

// A place in a file, or a size, as the system has it; -1 for what is none.
off_t to_offset(double bytes) {
    constexpr double kMost = 9007199254740992;  // 2^53: above it not every number is there
    return bytes >= 0 && bytes <= kMost ? static_cast<off_t>(bytes) : -1;
}

// Whether a call means the file's own place, which it moves.
bool is_in_sequence(double offset) { return offset < 0; }

int32_t read_file(Thread& self, int32_t number, uint32_t buffer, uint32_t length, double offset) {
    const uint32_t size = std::min(length, kMostBytes);
    uint8_t* bytes = self.program().memory().bytes(buffer, size);
    return on_file(self, number, [&](int fd) {
        return result_of(is_in_sequence(offset) ? read(fd, bytes, size)
                                                : pread(fd, bytes, size, to_offset(offset)));
    });
}

int32_t write_file(Thread& self, int32_t number, uint32_t buffer, uint32_t length, double offset) {
    const uint32_t size = std::min(length, kMostBytes);
    const uint8_t* bytes = self.program().memory().bytes(buffer, size);
    return on_file(self, number, [&](int fd) {
        return result_of(is_in_sequence(offset) ? write(fd, bytes, size)
                                                : pwrite(fd, bytes, size, to_offset(offset)));
    });
}

int32_t truncate_file(Thread& self, int32_t number, double size) {
    return on_file(self, number, [&](int fd) { return result_of(ftruncate(fd, to_offset(size))); });
}

int32_t sync_file(Thread& self, int32_t number) {
    return on_file(self, number, [](int fd) { return result_of(fsync(fd)); });
}

void write_stat(Thread& self, uint32_t out, const struct stat& stat) {
    heddle_host_stat_t guest{};
    guest.mode = stat.st_mode;
    guest.nlink = static_cast<uint32_t>(stat.st_nlink);
    guest.size = stat.st_size;
    guest.atime_ms = to_ms(stat.st_atim);
    guest.mtime_ms = to_ms(stat.st_mtim);
    guest.ctime_ms = to_ms(stat.st_ctim);
    guest.ino = static_cast<int64_t>(stat.st_ino);
    self.program().memory().write(out, guest);
}

int32_t stat_descriptor(Thread& self, int32_t number, uint32_t out) {
    const std::shared_ptr<Descriptor> file = files_of(self).get(number);
    struct stat stat;
    if (file == nullptr) return failure(EBADF);
    if (fstat(file->fd(), &stat) != 0) return failure(errno);
    write_stat(self, out, stat);
    return 0;
}

int32_t stat_name(Thread& self, int32_t folder, uint32_t name, uint32_t out) {
    return at(self, folder, name, [&](int folder, const char* name) {
        struct stat stat;
        if (fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) != 0) return failure(errno);
        write_stat(self, out, stat);
        return 0;
    });
}

char kind_letter(unsigned char kind) {
    return kind == DT_REG ? 'f' : kind == DT_DIR ? 'd' : kind == DT_LNK ? 'l' : '?';
}

// Straight into the program's memory: a folder may have more names than the host wants to keep.
int32_t read_folder(Thread& self, int32_t folder, uint32_t buffer, uint32_t capacity) {
    uint8_t* const bytes = self.program().memory().bytes(buffer, capacity);
    return on_folder(self, folder, [&](int folder) {
        const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return failure(errno);
        DIR* stream = fdopendir(fd);
        if (stream == nullptr) {
            const int error = errno;
            close(fd);
            return failure(error);
        }
        size_t size = 0;
        while (const dirent* entry = readdir(stream)) {
            const std::string_view found = entry->d_name;
            if (found == "." || found == "..") continue;
            const size_t end = size + found.size() + 2;
            if (end <= capacity) {
                memcpy(bytes + size, found.data(), found.size());
                bytes[end - 2] = '\0';
                bytes[end - 1] = static_cast<uint8_t>(kind_letter(entry->d_type));
            }
            size = end;
        }
        closedir(stream);
        return static_cast<int32_t>(std::min<size_t>(size, INT32_MAX));
    });
}

int32_t make_folder(Thread& self, int32_t folder, uint32_t name, int32_t mode) {
    return at(self, folder, name, [&](int folder, const char* name) {
        return result_of(mkdirat(folder, name, mode & kPermissions));
    });
}

int32_t remove_folder(Thread& self, int32_t folder, uint32_t name) {
    return at(self, folder, name, [](int folder, const char* name) {
        return result_of(unlinkat(folder, name, AT_REMOVEDIR));
    });
}

int32_t remove_file(Thread& self, int32_t folder, uint32_t name) {
    return at(self, folder, name,
              [](int folder, const char* name) { return result_of(unlinkat(folder, name, 0)); });
}

int32_t rename_name(Thread& self, int32_t from_folder, uint32_t from, int32_t to_folder,
                    uint32_t to) {
    return at(self, from_folder, from, [&](int from_folder, const char* from_name) {
        return at(self, to_folder, to, [&](int to_folder, const char* to_name) {
            return result_of(renameat(from_folder, from_name, to_folder, to_name));
        });
    });
}

int32_t make_link(Thread& self, uint32_t target, int32_t folder, uint32_t name) {
    const std::string text = self.program().memory().text(target);
    return at(self, folder, name, [&](int folder, const char* name) {
        return result_of(symlinkat(text.c_str(), folder, name));
    });
}

int32_t read_link(Thread& self, int32_t folder, uint32_t name, uint32_t buffer, uint32_t capacity) {
    char* bytes = reinterpret_cast<char*>(self.program().memory().bytes(buffer, capacity));
    return at(self, folder, name, [&](int folder, const char* name) {
        return result_of(readlinkat(folder, name, bytes, capacity));
    });
}

// Changing modes needs a descriptor: by name the system would follow a link.
int32_t change_mode(Thread& self, int32_t folder, uint32_t name, int32_t mode) {
    return at(self, folder, name, [&](int folder, const char* name) {
        const int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) return failure(errno);
        const Descriptor file(fd, Descriptor::kFile);
        struct stat stat;
        if (fstat(fd, &stat) != 0) return failure(errno);
        if (S_ISLNK(stat.st_mode)) return failure(ELOOP);
        const std::string self_path = "/proc/self/fd/" + std::to_string(fd);
        return result_of(chmod(self_path.c_str(), static_cast<mode_t>(mode & kPermissions)));
    });
}

// What is no number is now; what no file system could keep is cut.
timespec to_timespec(double ms) {
    if (!std::isfinite(ms)) return {.tv_sec = 0, .tv_nsec = UTIME_NOW};
    constexpr double kMost = 1e12;
    const double seconds = std::clamp(std::floor(ms / 1e3), -kMost, kMost);
    const double nanoseconds = std::round((ms - seconds * 1e3) * 1e6);
    return {static_cast<time_t>(seconds),
            static_cast<long>(std::clamp(nanoseconds, 0.0, 999'999'999.0))};
}

int32_t change_times(Thread& self, int32_t folder, uint32_t name, double atime_ms,
                     double mtime_ms) {
    return at(self, folder, name, [&](int folder, const char* name) {
        const timespec times[2] = {to_timespec(atime_ms), to_timespec(mtime_ms)};
        return result_of(utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW));
    });
}

}  // namespace

void add_file_imports(Imports& imports) {
    imports.add<open_folder>("heddle_host_open_folder");
    imports.add<open_file>("heddle_host_open");
    imports.add<close_file>("heddle_host_close");
    imports.add<read_file>("heddle_host_pread");
    imports.add<write_file>("heddle_host_pwrite");
    imports.add<truncate_file>("heddle_host_ftruncate");
    imports.add<sync_file>("heddle_host_fsync");
    imports.add<stat_descriptor>("heddle_host_fstat");
    imports.add<stat_name>("heddle_host_stat");
    imports.add<read_folder>("heddle_host_readdir");
    imports.add<make_folder>("heddle_host_mkdir");
    imports.add<remove_folder>("heddle_host_rmdir");
    imports.add<remove_file>("heddle_host_unlink");
    imports.add<rename_name>("heddle_host_rename");
    imports.add<make_link>("heddle_host_symlink");
    imports.add<read_link>("heddle_host_readlink");
    imports.add<change_mode>("heddle_host_chmod");
    imports.add<change_times>("heddle_host_utimes");
}

}  // namespace heddle::host

// Host files and links: bytes, sizes and targets from the host.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "files/host_tree.h"

namespace heddle {

HostFile::HostFile(HostPlace place, const heddle_host_stat_t& stat, int created_fd)
    : Hosted(std::move(place), mode_t{stat.mode & ~mode_t{S_IFMT}}, host_backend(),
             mode_t{stat.mode & mode_t{S_IFMT}}),
      read_fd_(created_fd),
      write_fd_(created_fd) {
    refresh(stat);
    seekable = S_ISREG(stat.mode);
}

HostFile::~HostFile() { close_descriptors(); }

void HostFile::close_descriptors() {
    if (read_fd_ >= 0) heddle_host_close(read_fd_);
    if (write_fd_ >= 0 && write_fd_ != read_fd_) heddle_host_close(write_fd_);
    read_fd_ = write_fd_ = -1;
}

int HostFile::open_host_file(int flags) const {
    return place_.at(
        [&](int folder, const char* name) { return heddle_host_open(folder, name, flags, 0); });
}

int HostFile::open(wasmfs::oflags_t access) {
    const bool reads = access != O_WRONLY;
    const bool writes = access != O_RDONLY;
    if ((reads && read_fd_ < 0) || (writes && write_fd_ < 0)) {
        // Opening a pipe or a socket of the host could block this worker beyond any interrupt.
        if (!S_ISREG(mode) && !S_ISCHR(mode)) return -ENXIO;
        const int flags = (reads ? HEDDLE_OPEN_READ : 0) | (writes ? HEDDLE_OPEN_WRITE : 0);
        const int fd = open_host_file(flags);
        if (fd < 0) return fd;
        if (reads && read_fd_ < 0) read_fd_ = fd;
        if (writes && write_fd_ < 0) write_fd_ = fd;
    }
    opens_++;
    return 0;
}

int HostFile::close() {
    if (--opens_ == 0) close_descriptors();
    return 0;
}

ssize_t HostFile::read(uint8_t* buffer, size_t size, off_t offset) {
    if (read_fd_ < 0) return -EBADF;
    // A negative offset stands for the descriptor's own position, where there is one.
    const double position = seekable ? static_cast<double>(offset) : -1;
    return heddle_host_pread(read_fd_, buffer, size, position);
}

ssize_t HostFile::write(const uint8_t* buffer, size_t size, off_t offset) {
    if (write_fd_ < 0) return -EBADF;
    const double position = seekable ? static_cast<double>(offset) : -1;
    return heddle_host_pwrite(write_fd_, buffer, size, position);
}

int HostFile::setSize(off_t size) {
    if (write_fd_ >= 0) return heddle_host_ftruncate(write_fd_, static_cast<double>(size));
    const int fd = open_host_file(HEDDLE_OPEN_WRITE);
    if (fd < 0) return fd;
    const int result = heddle_host_ftruncate(fd, static_cast<double>(size));
    heddle_host_close(fd);
    return result;
}

int HostFile::flush() {
    const int fd = write_fd_ >= 0 ? write_fd_ : read_fd_;
    return fd >= 0 ? heddle_host_fsync(fd) : 0;
}

// stat() asks for the size first, so this is where mode and times are brought up to date.
off_t HostFile::getSize() {
    heddle_host_stat_t stat;
    const int fd = write_fd_ >= 0 ? write_fd_ : read_fd_;
    int error = 0;
    if (fd >= 0) {
        error = heddle_host_fstat(fd, &stat);
    } else if (!take_look(this, &stat)) {
        error = place_.at(
            [&](int folder, const char* name) { return heddle_host_stat(folder, name, &stat); });
    }
    if (error != 0) return error;
    refresh(stat);
    return stat.size;
}

HostSymlink::HostSymlink(HostPlace place, const heddle_host_stat_t& stat)
    : Hosted(std::move(place), host_backend()) {
    refresh(stat);
}

std::string HostSymlink::getTarget() const {
    std::string target(PATH_MAX, '\0');
    const int size = place_.at([&](int folder, const char* name) {
        return heddle_host_readlink(folder, name, target.data(), target.size());
    });
    if (size <= 0) return "";
    target.resize(static_cast<size_t>(size));
    // An absolute target is a path of the host. If it is inside the mount, it has a path here too.
    const HostMount& mount = place_.mount();
    const std::string& root = mount.host_path;
    if (target.compare(0, root.size(), root) == 0 &&
        (target.size() == root.size() || target[root.size()] == '/')) {
        target.replace(0, root.size(), mount.virtual_path);
    }
    return target;
}

}  // namespace heddle

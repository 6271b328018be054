// fs: what py.fs does, on Python's own files, called by the host thread.
// SPDX-License-Identifier: MIT
//
// All functions return 0 or a negative errno value. They go through libc, so they see what Python
// sees: files in memory and mounted folders of the host alike. None waits for Python. A file that
// another thread is just reading or writing is waited for briefly.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "host/host.h"
#include "host/milliseconds.h"

namespace {

int result_of(int returned) { return returned < 0 ? -errno : 0; }

// A buffer that grows; it stays empty when memory is out.
class Bytes {
  public:
    ~Bytes() { std::free(data_); }
    bool reserve(size_t capacity) {
        if (capacity <= capacity_) return true;
        size_t wanted = capacity_ * 2 > capacity ? capacity_ * 2 : capacity;
        auto* data = static_cast<uint8_t*>(std::realloc(data_, wanted));
        if (data == nullptr) return false;
        data_ = data;
        capacity_ = wanted;
        return true;
    }
    bool append(const void* data, size_t size) {
        if (!reserve(size_ + size)) return false;
        std::memcpy(data_ + size_, data, size);
        size_ += size;
        return true;
    }
    uint8_t* end() { return data_ + size_; }
    size_t size() const { return size_; }
    size_t room() const { return capacity_ - size_; }
    void grew(size_t size) { size_ += size; }
    // The bytes become the caller's to free().
    void give(uint8_t** data_out, size_t* size_out) {
        *data_out = data_;
        *size_out = size_;
        data_ = nullptr;
    }

  private:
    uint8_t* data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0;
};

int read_all(int fd, Bytes& bytes) {
    struct stat info;
    if (fstat(fd, &info) < 0) return -errno;
    if (S_ISDIR(info.st_mode)) return -EISDIR;
    // One byte more than the size, so that the end of the file shows without growing.
    if (!bytes.reserve(static_cast<size_t>(info.st_size) + 1)) return -ENOMEM;
    for (;;) {
        if (bytes.room() == 0 && !bytes.reserve(bytes.size() + 65536)) return -ENOMEM;
        ssize_t count = read(fd, bytes.end(), bytes.room());
        if (count < 0) return -errno;
        if (count == 0) return 0;
        bytes.grew(static_cast<size_t>(count));
    }
}

int write_all(int fd, const uint8_t* data, size_t size) {
    while (size > 0) {
        ssize_t count = write(fd, data, size);
        if (count < 0) return -errno;
        data += count;
        size -= static_cast<size_t>(count);
    }
    return 0;
}

}  // namespace

extern "C" {

// Reads a whole file. *data_out is malloc()ed and the caller's.
int heddle_fs_read(const char* path, uint8_t** data_out, size_t* size_out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    Bytes bytes;
    int error = read_all(fd, bytes);
    close(fd);
    if (error == 0) bytes.give(data_out, size_out);
    return error;
}

// Makes or replaces a file.
int heddle_fs_write(const char* path, const uint8_t* data, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return -errno;
    int error = write_all(fd, data, size);
    int close_error = result_of(close(fd));
    return error != 0 ? error : close_error;
}

int heddle_fs_mkdir(const char* path) { return result_of(mkdir(path, 0777)); }
int heddle_fs_rmdir(const char* path) { return result_of(rmdir(path)); }
int heddle_fs_unlink(const char* path) { return result_of(unlink(path)); }
int heddle_fs_rename(const char* from, const char* to) { return result_of(rename(from, to)); }

// Names of a folder's entries, each followed by a 0. *data_out is malloc()ed and the caller's.
int heddle_fs_readdir(const char* path, uint8_t** data_out, size_t* size_out) {
    DIR* folder = opendir(path);
    if (folder == nullptr) return -errno;
    Bytes names;
    int error = names.reserve(1) ? 0 : -ENOMEM;
    while (error == 0) {
        errno = 0;
        const dirent* entry = readdir(folder);
        if (entry == nullptr) {
            error = -errno;
            break;
        }
        const char* name = entry->d_name;
        if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
        if (!names.append(name, std::strlen(name) + 1)) error = -ENOMEM;
    }
    closedir(folder);
    if (error == 0) names.give(data_out, size_out);
    return error;
}

// Follows symbolic links.
int heddle_fs_stat(const char* path, heddle_host_stat_t* out) {
    struct stat info;
    if (stat(path, &info) < 0) return -errno;
    out->mode = info.st_mode;
    out->nlink = static_cast<uint32_t>(info.st_nlink);
    out->size = info.st_size;
    out->atime_ms = heddle::to_ms(info.st_atim);
    out->mtime_ms = heddle::to_ms(info.st_mtim);
    out->ctime_ms = heddle::to_ms(info.st_ctim);
    out->ino = static_cast<int64_t>(info.st_ino);
    return 0;
}

}  // extern "C"

// Mapped file: a file's bytes, read-only, for as long as the object lives.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_MAPPED_FILE_H_
#define HEDDLE_WASM_WASMTIME_MAPPED_FILE_H_

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace heddle::host {

class MappedFile {
  public:
    explicit MappedFile(const std::string& path) {
        const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat stat{};
        if (fd < 0 || fstat(fd, &stat) != 0) {
            error_ = errno;
        } else if (stat.st_size == 0) {
            error_ = ENODATA;
        } else {
            size_ = static_cast<size_t>(stat.st_size);
            data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
            if (data_ == MAP_FAILED) error_ = errno;
        }
        if (fd >= 0) close(fd);
    }
    ~MappedFile() {
        if (data_ != MAP_FAILED) munmap(data_, size_);
    }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    bool ok() const { return error_ == 0; }
    std::string error() const { return strerror(error_); }
    const uint8_t* data() const { return static_cast<const uint8_t*>(data_); }
    size_t size() const { return size_; }

  private:
    void* data_ = MAP_FAILED;
    size_t size_ = 0;
    int error_ = 0;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_MAPPED_FILE_H_

// Sizes of files: one in memory ends where the memory's addresses do, and says so.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdint.h>

#include "files/host_tree.h"
#include "paths.h"
#include "wasmfs.h"

namespace {

// WASMFS would take the size modulo 2^32.
bool is_too_large(const std::shared_ptr<wasmfs::File>& file, off_t size) {
    return size > PTRDIFF_MAX && file->getBackend() != heddle::host_backend();
}

}  // namespace

extern "C" {

int __real___syscall_truncate64(intptr_t name, off_t size);
int __real___syscall_ftruncate64(int fd, off_t size);

int __wrap___syscall_truncate64(intptr_t name, off_t size) {
    auto parsed = wasmfs::path::parseFile(reinterpret_cast<const char*>(name));
    if (!parsed.getError() && is_too_large(parsed.getFile(), size)) return -EFBIG;
    return __real___syscall_truncate64(name, size);
}

int __wrap___syscall_ftruncate64(int fd, off_t size) {
    const auto open_file =
        wasmfs::wasmFS.getFileTable().locked().getEntry(static_cast<__wasi_fd_t>(fd));
    if (open_file && is_too_large(open_file->locked().getFile(), size)) return -EFBIG;
    return __real___syscall_ftruncate64(fd, size);
}

}  // extern "C"

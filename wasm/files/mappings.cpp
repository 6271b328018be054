// Mappings of files into memory: each keeps its file open, as on Linux.
// SPDX-License-Identifier: MIT
//
// Emscripten copies a mapped file into memory and writes the copy back by the descriptor that mmap() was
// given. That one may be closed meanwhile, and another file may have its number. So each mapping has a
// descriptor of its own.
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {

intptr_t __real___syscall_mmap2(intptr_t address, size_t size, int protection, int flags, int fd,
                                off_t page);
int __real__munmap_js(intptr_t address, size_t size, int protection, int flags, int fd,
                      off_t offset);

intptr_t __wrap___syscall_mmap2(intptr_t address, size_t size, int protection, int flags, int fd,
                                off_t page) {
    if (flags & MAP_ANONYMOUS)
        return __real___syscall_mmap2(address, size, protection, flags, fd, page);
    // It also asks for an error where a flag is unknown; WASMFS would end the program.
    if ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE) return -EOPNOTSUPP;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return -errno;
    const intptr_t mapped = __real___syscall_mmap2(address, size, protection, flags, own, page);
    if (mapped < 0 && mapped > -4096) close(own);
    return mapped;
}

// Called for mappings of files, once each.
int __wrap__munmap_js(intptr_t address, size_t size, int protection, int flags, int fd,
                      off_t offset) {
    const int result = __real__munmap_js(address, size, protection, flags, fd, offset);
    close(fd);
    return result;
}

}  // extern "C"

// Mappings of files into memory: one that writes back holds its file, as on Linux.
// SPDX-License-Identifier: MIT
//
// A mapped file is copied into memory, and the copy written back by msync() and munmap(). Emscripten would do
// that by the number of the descriptor that mmap() was given, which another file may have by then.
//
// g_written lists the mappings that write back, from __wrap__mmap_js until __wrap__munmap_js; the file of each is
// open once more for it. g_lock guards the list alone: nothing is called and no other lock taken under it.
#include <emscripten/heap.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>

#include "streams/stream_file.h"
#include "wasmfs.h"

namespace {

using FilePointer = std::shared_ptr<wasmfs::DataFile>;

constexpr size_t kPageBytes = 65536;

// At the end of the mapping's own block of memory, so that making one needs no other.
struct Written {
    FilePointer file;
    uint8_t* start;
    size_t length;
    Written* next;
};

std::mutex g_lock;
Written* g_written = nullptr;

Written** find(intptr_t address) {
    Written** at = &g_written;
    while (*at && (*at)->start != reinterpret_cast<uint8_t*>(address)) at = &(*at)->next;
    return at;
}

// 0, or a negative errno value. What is beyond the file's end stays zero.
int fill(const FilePointer& file, uint8_t* start, size_t length, off_t offset) {
    size_t done = 0;
    while (done < length) {
        const ssize_t count =
            file->locked().read(start + done, length - done, offset + static_cast<off_t>(done));
        if (count < 0) return static_cast<int>(count);
        if (count == 0) break;
        done += static_cast<size_t>(count);
    }
    memset(start + done, 0, length - done);
    return 0;
}

// Writes what the file still has room for: a mapping makes no file longer.
int write_back(const FilePointer& file, const uint8_t* start, size_t length, off_t offset) {
    auto locked = file->locked();
    const off_t end = locked.getSize();
    if (end < 0) return static_cast<int>(end);
    const size_t size =
        static_cast<size_t>(std::clamp<off_t>(end - offset, 0, static_cast<off_t>(length)));
    for (size_t done = 0; done < size;) {
        const ssize_t count =
            locked.write(start + done, size - done, offset + static_cast<off_t>(done));
        if (count <= 0) return count < 0 ? static_cast<int>(count) : -EIO;
        done += static_cast<size_t>(count);
    }
    return 0;
}

}  // namespace

extern "C" {

// The three that Emscripten's mmap(), msync() and munmap() leave to the file system.

int __wrap__mmap_js(size_t length, int protection, int flags, int fd, off_t offset, int* allocated,
                    void** address_out) {
    if (protection & PROT_EXEC) return -EPERM;
    if (length == 0) return -EINVAL;
    if (length > PTRDIFF_MAX) return -ENOMEM;
    const int type = flags & MAP_TYPE;
    // It also asks for an error where a flag is unknown.
    if (type == MAP_SHARED_VALIDATE) return -EOPNOTSUPP;
    if (type != MAP_SHARED && type != MAP_PRIVATE) return -EINVAL;
    const bool writes = type == MAP_SHARED && (protection & PROT_WRITE) != 0;

    const heddle::Descriptor descriptor = heddle::look_up(fd);
    if (!descriptor.is_open()) return -EBADF;
    if (!descriptor.can_read() || (writes && !descriptor.can_write())) return -EACCES;
    const FilePointer file = descriptor.file->dynCast<wasmfs::DataFile>();
    if (file == nullptr || heddle::as_stream(file) != nullptr) return -ENODEV;

    const size_t aligned = (length + alignof(Written) - 1) & ~(alignof(Written) - 1);
    auto* start = static_cast<uint8_t*>(
        emscripten_builtin_memalign(kPageBytes, aligned + (writes ? sizeof(Written) : 0)));
    if (start == nullptr) return -ENOMEM;
    int error = writes ? file->locked().open(O_RDWR) : 0;
    if (error == 0) {
        error = fill(file, start, length, offset);
        if (error != 0 && writes) (void)file->locked().close();
    }
    if (error != 0) {
        emscripten_builtin_free(start);
        return error;
    }
    if (writes) {
        auto* written = new (start + aligned) Written{file, start, length, nullptr};
        const std::lock_guard lock(g_lock);
        written->next = g_written;
        g_written = written;
    }
    *allocated = 1;  // munmap() frees it
    *address_out = start;
    return 0;
}

int __wrap__msync_js(intptr_t address, size_t length, int, int, int, off_t offset) {
    FilePointer file;
    {
        const std::lock_guard lock(g_lock);
        const Written* written = *find(address);
        if (written == nullptr) return 0;
        file = written->file;
        length = std::min(length, written->length);
    }
    return write_back(file, reinterpret_cast<const uint8_t*>(address), length, offset);
}

int __wrap__munmap_js(intptr_t address, size_t length, int, int, int, off_t offset) {
    Written* written;
    {
        const std::lock_guard lock(g_lock);
        Written** at = find(address);
        written = *at;
        if (written == nullptr) return 0;
        *at = written->next;
    }
    const FilePointer file = std::move(written->file);
    written->~Written();
    const int error = write_back(file, reinterpret_cast<const uint8_t*>(address), length, offset);
    (void)file->locked().close();
    return error;
}

}  // extern "C"

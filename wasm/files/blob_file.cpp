// Blob files: read-only files whose bytes are a region of wasm memory, without a copy.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "../host/host.h"
#include "file.h"
#include "make_folders.h"

namespace heddle {
namespace {

class BlobFile final : public wasmfs::DataFile {
  public:
    BlobFile(const uint8_t* data, size_t size)
        : DataFile(S_IRUSR | S_IRGRP | S_IROTH, wasmfs::NullBackend), data_(data), size_(size) {}

  private:
    int open(wasmfs::oflags_t) override { return 0; }  // WASMFS looks at the mode before
    int close() override { return 0; }
    int flush() override { return 0; }
    off_t getSize() override { return static_cast<off_t>(size_); }
    int setSize(off_t) override { return -EROFS; }
    ssize_t write(const uint8_t*, size_t, off_t) override { return -EROFS; }
    ssize_t read(uint8_t* buffer, size_t size, off_t offset) override {
        if (offset < 0) return -EINVAL;
        if (offset >= static_cast<off_t>(size_)) return 0;
        const size_t bytes = std::min(size, size_ - static_cast<size_t>(offset));
        std::memcpy(buffer, data_ + offset, bytes);
        return static_cast<ssize_t>(bytes);
    }

    const uint8_t* const data_;  // never freed
    const size_t size_;
};

}  // namespace
}  // namespace heddle

extern "C" int heddle_files_add_blob(const char* path, void* data, size_t size) {
    using namespace heddle;
    Place place;
    if (int error = make_folders_for(path, &place)) return error;
    auto folder = place.folder->locked();
    if (folder.getChild(place.name)) return -EEXIST;
    auto blob = std::make_shared<BlobFile>(static_cast<const uint8_t*>(data), size);
    return folder.mountChild(place.name, std::move(blob)) ? 0 : -ENOENT;
}

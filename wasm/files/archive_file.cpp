// Archive file: inflated when it is opened, forgotten when it is closed.
// SPDX-License-Identifier: MIT
#include "files/archive_file.h"

#include <errno.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "memory_backend.h"

namespace heddle {
namespace {

constexpr mode_t kFileMode = S_IRUSR | S_IRGRP | S_IROTH;
constexpr mode_t kFolderMode = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;

}  // namespace

ArchiveFile::ArchiveFile(Archive& archive, const Archive::Entry& entry)
    : DataFile(kFileMode, wasmfs::NullBackend), archive_(archive), entry_(entry), is_known_(true) {}

ArchiveFile::ArchiveFile(Archive& archive, std::string name, uint32_t size)
    : DataFile(kFileMode, wasmfs::NullBackend), archive_(archive), name_(std::move(name)) {
    entry_.size = size;
}

int ArchiveFile::know() {
    if (is_known_) return 0;
    if (int error = archive_.find(name_, &entry_)) return error;
    is_known_ = true;
    return 0;
}

int ArchiveFile::open(wasmfs::oflags_t) {  // WASMFS looks at the mode before
    if (int error = know()) return error;
    if (opens_ == 0) {
        auto* content = static_cast<uint8_t*>(std::malloc(entry_.size + 1));
        if (content == nullptr) return -ENOMEM;
        if (int error = archive_.read(entry_, content)) {
            std::free(content);
            return error;
        }
        content_ = content;
    }
    opens_++;
    return 0;
}

int ArchiveFile::close() {
    if (--opens_ > 0) return 0;
    std::free(content_);
    content_ = nullptr;
    return 0;
}

int ArchiveFile::setSize(off_t) { return -EROFS; }

ssize_t ArchiveFile::write(const uint8_t*, size_t, off_t) { return -EROFS; }

ssize_t ArchiveFile::read(uint8_t* buffer, size_t size, off_t offset) {
    if (offset < 0) return -EINVAL;
    if (offset >= static_cast<off_t>(entry_.size)) return 0;
    const size_t bytes = std::min(size, entry_.size - static_cast<size_t>(offset));
    std::memcpy(buffer, content_ + offset, bytes);
    return static_cast<ssize_t>(bytes);
}

int folder_in(wasmfs::Directory& parent, const std::string& name,
              std::shared_ptr<wasmfs::Directory>* out) {
    auto handle = parent.locked();
    auto found = handle.getChild(name);
    if (found == nullptr) {
        found = std::make_shared<wasmfs::MemoryDirectory>(kFolderMode, parent.getBackend());
        if (!handle.mountChild(name, found)) return -ENOENT;
    }
    *out = found->dynCast<wasmfs::Directory>();
    return *out != nullptr ? 0 : -ENOTDIR;
}

int put(wasmfs::Directory& folder, const std::string& name, std::shared_ptr<wasmfs::File> file) {
    auto handle = folder.locked();
    if (handle.getChild(name)) return -EEXIST;
    return handle.mountChild(name, std::move(file)) ? 0 : -ENOENT;
}

}  // namespace heddle

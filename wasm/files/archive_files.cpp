// Archive files: the standard library's archives, laid out as files in folders.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "file.h"
#include "files/archive.h"
#include "files/make_folders.h"
#include "host/host.h"

namespace heddle {
namespace {

// The name under which an archive holds the directory of another one, which comes later.
constexpr std::string_view kLaterDirectory = "later.directory";

class ArchiveFile final : public wasmfs::DataFile {
  public:
    ArchiveFile(Archive& archive, const Archive::Entry& entry)
        : DataFile(S_IRUSR | S_IRGRP | S_IROTH, wasmfs::NullBackend),
          archive_(archive),
          entry_(entry) {}

  private:
    int open(wasmfs::oflags_t) override {  // WASMFS looks at the mode before
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
    int close() override {
        if (--opens_ > 0) return 0;
        std::free(content_);
        content_ = nullptr;
        return 0;
    }
    int flush() override { return 0; }
    off_t getSize() override { return entry_.size; }
    int setSize(off_t) override { return -EROFS; }
    ssize_t write(const uint8_t*, size_t, off_t) override { return -EROFS; }
    ssize_t read(uint8_t* buffer, size_t size, off_t offset) override {
        if (offset < 0) return -EINVAL;
        if (offset >= static_cast<off_t>(entry_.size)) return 0;
        const size_t bytes = std::min(size, entry_.size - static_cast<size_t>(offset));
        std::memcpy(buffer, content_ + offset, bytes);
        return static_cast<ssize_t>(bytes);
    }

    Archive& archive_;
    const Archive::Entry entry_;
    // Both under the file's mutex, which WASMFS holds in all calls.
    uint8_t* content_ = nullptr;
    uint32_t opens_ = 0;
};

// The archive whose bytes HEDDLE_EVENT_ARCHIVE asks for. Set before main(), never freed.
Archive* g_later = nullptr;

int remember_later(Archive& archive, const Archive::Entry& entry) {
    auto* directory = static_cast<uint8_t*>(std::malloc(entry.size + 1));
    if (directory == nullptr) return -ENOMEM;
    if (int error = archive.read(entry, directory)) {
        std::free(directory);
        return error;
    }
    g_later = new Archive(Bytes(directory, entry.size));
    return 0;
}

// Makes a file for each entry. A folder's entries mostly follow each other: it is looked up once.
int lay_out(Archive& archive, const std::string& folder) {
    Place place;
    std::string at;
    return archive.for_each([&](const Archive::Entry& entry) {
        if (&archive != g_later && entry.name == kLaterDirectory) {
            return remember_later(archive, entry);
        }
        const std::string path = folder + "/" + std::string(entry.name);
        const size_t slash = path.rfind('/');
        if (place.folder == nullptr || path.compare(0, slash, at) != 0) {
            if (int error = make_folders_for(path.c_str(), &place)) return error;
            at = path.substr(0, slash);
        }
        auto handle = place.folder->locked();
        const std::string name = path.substr(slash + 1);
        if (handle.getChild(name)) return -EEXIST;
        auto file = std::make_shared<ArchiveFile>(archive, entry);
        return handle.mountChild(name, std::move(file)) ? 0 : -ENOENT;
    });
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

int heddle_files_add_archive(const char* folder, void* data, size_t size) {
    const Bytes bytes(static_cast<const uint8_t*>(data), size);
    const Bytes directory = Archive::directory_of(bytes);
    if (folder == nullptr || directory.empty()) return -EINVAL;
    auto* archive = new Archive(directory, bytes);  // stays with its files
    if (int error = lay_out(*archive, folder)) return error;
    return g_later != nullptr ? lay_out(*g_later, folder) : 0;
}

int heddle_files_give_archive(void* data, size_t size) {
    if (g_later == nullptr) return -EINVAL;
    return g_later->give(Bytes(static_cast<const uint8_t*>(data), size));
}

}  // extern "C"

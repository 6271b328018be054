// Archive files: the standard library's archives, laid out as files in folders.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "file.h"
#include "files/archive.h"
#include "files/make_folders.h"
#include "host/host.h"
#include "memory_backend.h"

namespace heddle {
namespace {

// The name under which an archive holds the directory of another one, which comes later.
constexpr std::string_view kLaterDirectory = "later.directory";

// The name under which an archive holds the checksum of its sources' directory.
constexpr std::string_view kSourcesChecksum = "sources.crc";

class ArchiveFile final : public wasmfs::DataFile {
  public:
    ArchiveFile(Archive& archive, const Archive::Entry& entry)
        : DataFile(kMode, wasmfs::NullBackend), archive_(archive), entry_(entry), is_known_(true) {}
    // One whose entry is found when it is asked for, in an archive that comes later.
    ArchiveFile(Archive& archive, std::string name)
        : DataFile(kMode, wasmfs::NullBackend), archive_(archive), name_(std::move(name)) {}

  private:
    static constexpr mode_t kMode = S_IRUSR | S_IRGRP | S_IROTH;

    int know() {
        if (is_known_) return 0;
        if (int error = archive_.find(name_, &entry_)) return error;
        is_known_ = true;
        return 0;
    }

    int open(wasmfs::oflags_t) override {  // WASMFS looks at the mode before
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
    int close() override {
        if (--opens_ > 0) return 0;
        std::free(content_);
        content_ = nullptr;
        return 0;
    }
    int flush() override { return 0; }
    off_t getSize() override {
        const int error = know();
        return error != 0 ? error : entry_.size;
    }
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
    const std::string name_;
    // All of these under the file's mutex, which WASMFS holds in all calls.
    Archive::Entry entry_{};
    bool is_known_ = false;
    uint8_t* content_ = nullptr;
    uint32_t opens_ = 0;
};

// The archives whose bytes HEDDLE_EVENT_ARCHIVE and HEDDLE_EVENT_SOURCES ask for. Set before main(),
// never freed.
Archive* g_later = nullptr;
Archive* g_sources = nullptr;

// A folder of the library: beside each compiled module there is its source, which no list shows. So
// imports, which go by lists, meet the compiled one only, and what asks for a source by its name
// (linecache, inspect) gets it. Two are not there, because they are asked for by name before anybody
// wants a line: each package's __init__.py by imports, which would take it, and os.py by each start.
class LibraryFolder final : public wasmfs::MemoryDirectory {
    static constexpr mode_t kFolderMode = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;

  public:
    // path: in the archive, with a slash at its end, or "".
    LibraryFolder(std::string path, wasmfs::backend_t backend)
        : MemoryDirectory(kFolderMode, backend), path_(std::move(path)) {}

  private:
    std::shared_ptr<wasmfs::File> getChild(const std::string& name) override {
        if (auto child = MemoryDirectory::getChild(name)) return child;
        if (g_sources == nullptr || !name.ends_with(".py")) return nullptr;
        if (name == "__init__.py" || name == "os.py") return nullptr;
        if (locked().getChild(name + "c") == nullptr) return nullptr;
        std::shared_ptr<wasmfs::File>& source = sources_[name];
        if (source == nullptr) source = std::make_shared<ArchiveFile>(*g_sources, path_ + name);
        return source;
    }

    const std::string path_;
    std::map<std::string, std::shared_ptr<wasmfs::File>> sources_;  // under this folder's mutex
};

// Calls use(bytes) with an entry's bytes, which stay for ever.
template <typename Use>
int with_bytes(Archive& archive, const Archive::Entry& entry, Use use) {
    auto* bytes = static_cast<uint8_t*>(std::malloc(entry.size + 1));
    if (bytes == nullptr) return -ENOMEM;
    if (int error = archive.read(entry, bytes)) {
        std::free(bytes);
        return error;
    }
    use(Bytes(bytes, entry.size));
    return 0;
}

// An entry that tells of an archive that comes later. Returns 1 if it is none.
int note_later(Archive& archive, const Archive::Entry& entry) {
    if (&archive == g_later) return 1;
    if (entry.name == kLaterDirectory) {
        return with_bytes(archive, entry,
                          [](Bytes directory) { g_later = new Archive(directory); });
    }
    if (entry.name == kSourcesChecksum && entry.size == sizeof(uint32_t)) {
        return with_bytes(archive, entry, [](Bytes bytes) {
            uint32_t crc;
            std::memcpy(&crc, bytes.data(), sizeof crc);
            g_sources = new Archive(crc);
        });
    }
    return 1;
}

// A folder in another one, made unless it is there.
int folder_in(wasmfs::Directory& parent, const std::string& name, const std::string& path,
              std::shared_ptr<wasmfs::Directory>* out) {
    auto handle = parent.locked();
    auto found = handle.getChild(name);
    if (found == nullptr) {
        found = std::make_shared<LibraryFolder>(path, parent.getBackend());
        if (!handle.mountChild(name, found)) return -ENOENT;
    }
    *out = found->dynCast<wasmfs::Directory>();
    return *out != nullptr ? 0 : -ENOTDIR;
}

// The folder `inside` ("json", "a/b" or "") of the library, which is at `library`.
int make_way_to(const std::string& library, std::string_view inside,
                std::shared_ptr<wasmfs::Directory>* out) {
    Place place;
    if (int error = make_folders_for(library.c_str(), &place)) return error;
    std::shared_ptr<wasmfs::Directory> folder;
    if (int error = folder_in(*place.folder, place.name, "", &folder)) return error;
    for (size_t start = 0; start < inside.size();) {
        const size_t end = std::min(inside.find('/', start), inside.size());
        const std::string name(inside.substr(start, end - start));
        const std::string path(inside.substr(0, end));
        std::shared_ptr<wasmfs::Directory> next;
        if (int error = folder_in(*folder, name, path + "/", &next)) return error;
        folder = std::move(next);
        start = end + 1;
    }
    *out = std::move(folder);
    return 0;
}

// Makes a file for each entry. A folder's entries mostly follow each other: it is looked up once.
int lay_out(Archive& archive, const std::string& library) {
    std::shared_ptr<wasmfs::Directory> folder;
    std::string_view at;
    return archive.for_each([&](const Archive::Entry& entry) {
        if (const int noted = note_later(archive, entry); noted != 1) return noted;
        const size_t slash = entry.name.rfind('/');
        const std::string_view inside =
            slash == std::string_view::npos ? std::string_view() : entry.name.substr(0, slash);
        if (folder == nullptr || inside != at) {
            if (int error = make_way_to(library, inside, &folder)) return error;
            at = inside;
        }
        auto handle = folder->locked();
        const std::string name(inside.empty() ? entry.name : entry.name.substr(slash + 1));
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

int heddle_files_give_sources(void* data, size_t size) {
    if (g_sources == nullptr) return -EINVAL;
    return g_sources->give(Bytes(static_cast<const uint8_t*>(data), size));
}

int heddle_files_give_archive(void* data, size_t size) {
    if (g_later == nullptr) return -EINVAL;
    return g_later->give(Bytes(static_cast<const uint8_t*>(data), size));
}

}  // extern "C"

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
#include "memory_backend.h"

namespace heddle {
namespace {

// The name under which an archive holds the directory of another one, which comes later.
constexpr std::string_view kLaterDirectory = "later.directory";

// The name under which an archive tells of the sources of its modules and of the later archive's: a
// CRC-32 of their directory, then each source's size in bytes, in the order of the modules' entries.
constexpr std::string_view kSourcesList = "sources.list";

// The name under which an archive tells the host of which build it is.
constexpr std::string_view kBuildId = "build.id";

// A module's entry ends so; its file in __pycache__ so.
constexpr std::string_view kCompiled = ".pyc";
constexpr std::string_view kCachedCompiled = ".cpython-313.pyc";

class ArchiveFile final : public wasmfs::DataFile {
  public:
    ArchiveFile(Archive& archive, const Archive::Entry& entry)
        : DataFile(kMode, wasmfs::NullBackend), archive_(archive), entry_(entry), is_known_(true) {}
    // One of which only the size is known, until its archive is there.
    ArchiveFile(Archive& archive, std::string name, uint32_t size)
        : DataFile(kMode, wasmfs::NullBackend), archive_(archive), name_(std::move(name)) {
        entry_.size = size;
    }

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

// The sources' sizes that no entry has taken yet.
Bytes g_source_sizes;

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

// The next number of the sources' list; 0 if there is none.
uint32_t next_number() {
    uint32_t number = 0;
    if (g_source_sizes.size() < sizeof number) return 0;
    std::memcpy(&number, g_source_sizes.data(), sizeof number);
    g_source_sizes = g_source_sizes.subspan(sizeof number);
    return number;
}

// An entry that is no file, but tells of the build or of an archive that comes later. Returns 1 if it
// is none.
int note(Archive& archive, const Archive::Entry& entry) {
    if (entry.name == kBuildId) return 0;
    if (&archive == g_later) return 1;
    if (entry.name == kLaterDirectory) {
        return with_bytes(archive, entry,
                          [](Bytes directory) { g_later = new Archive(directory); });
    }
    if (entry.name == kSourcesList) {
        if (entry.size < sizeof(uint32_t)) return -EINVAL;
        return with_bytes(archive, entry, [](Bytes list) {
            g_source_sizes = list;
            g_sources = new Archive(next_number());
        });
    }
    return 1;
}

// A folder in another one, made unless it is there.
int folder_in(wasmfs::Directory& parent, const std::string& name,
              std::shared_ptr<wasmfs::Directory>* out) {
    constexpr mode_t kMode = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;
    auto handle = parent.locked();
    auto found = handle.getChild(name);
    if (found == nullptr) {
        found = std::make_shared<wasmfs::MemoryDirectory>(kMode, parent.getBackend());
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
    if (int error = folder_in(*place.folder, place.name, &folder)) return error;
    for (size_t start = 0; start < inside.size();) {
        const size_t end = std::min(inside.find('/', start), inside.size());
        std::shared_ptr<wasmfs::Directory> next;
        if (int error = folder_in(*folder, std::string(inside.substr(start, end - start)), &next)) {
            return error;
        }
        folder = std::move(next);
        start = end + 1;
    }
    *out = std::move(folder);
    return 0;
}

int put(wasmfs::Directory& folder, const std::string& name, std::shared_ptr<wasmfs::File> file) {
    auto handle = folder.locked();
    if (handle.getChild(name)) return -EEXIST;
    return handle.mountChild(name, std::move(file)) ? 0 : -ENOENT;
}

// The folder that an archive is laying files out in, and the one for compiled modules below it. Entries of a
// folder mostly follow each other: it is looked up once.
struct LibraryFolder {
    std::string_view path;
    std::shared_ptr<wasmfs::Directory> files;
    std::shared_ptr<wasmfs::Directory> compiled;
};

// A module, as an installed library has it: its source, and what was compiled from it in __pycache__. So
// whatever goes by a module's __file__ finds its lines; imports read the compiled one and only look
// whether the source is there, which no archive is fetched for.
int put_module(LibraryFolder& folder, Archive& archive, const Archive::Entry& entry,
               std::string_view stem) {
    if (folder.compiled == nullptr) {
        if (int error = folder_in(*folder.files, "__pycache__", &folder.compiled)) return error;
    }
    const std::string name(stem.substr(folder.path.empty() ? 0 : folder.path.size() + 1));
    const std::string cached = name + std::string(kCachedCompiled);
    if (int error = put(*folder.compiled, cached, std::make_shared<ArchiveFile>(archive, entry))) {
        return error;
    }
    return put(*folder.files, name + ".py",
               std::make_shared<ArchiveFile>(*g_sources, std::string(stem) + ".py", next_number()));
}

// Makes the files of each entry.
int lay_out(Archive& archive, const std::string& library) {
    LibraryFolder folder;
    return archive.for_each([&](const Archive::Entry& entry) {
        if (const int noted = note(archive, entry); noted != 1) return noted;
        const size_t slash = entry.name.rfind('/');
        const bool is_inside = slash != std::string_view::npos;
        const std::string_view path = is_inside ? entry.name.substr(0, slash) : std::string_view();
        if (folder.files == nullptr || path != folder.path) {
            folder = {path, nullptr, nullptr};
            if (int error = make_way_to(library, path, &folder.files)) return error;
        }
        if (g_sources != nullptr && entry.name.ends_with(kCompiled)) {
            const auto stem = entry.name.substr(0, entry.name.size() - kCompiled.size());
            return put_module(folder, archive, entry, stem);
        }
        const std::string name(is_inside ? entry.name.substr(slash + 1) : entry.name);
        return put(*folder.files, name, std::make_shared<ArchiveFile>(archive, entry));
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

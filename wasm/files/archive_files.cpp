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
#include "files/archive_file.h"
#include "files/later_folder.h"
#include "files/make_folders.h"
#include "host/host.h"
#include "memory_backend.h"
#include "time/zone.h"

namespace heddle {
namespace {

// The name under which an archive holds the directory of another one, which comes later.
constexpr std::string_view kLaterDirectory = "later.directory";

// The name under which an archive tells of the sources of its modules and of the later archive's: a
// CRC-32 of their directory, then each source's size in bytes, in the order of the modules' entries.
constexpr std::string_view kSourcesList = "sources.list";

// The name under which an archive tells the host of which build it is.
constexpr std::string_view kBuildId = "build.id";

// The names under which an archive holds the zones' rules, and their files as an archive of its own.
constexpr std::string_view kZoneList = "zones.list";
constexpr std::string_view kZoneFiles = "zoneinfo.zip";

// A module's entry ends so; its file in __pycache__ so.
constexpr std::string_view kCompiled = ".pyc";
constexpr std::string_view kCachedCompiled = ".cpython-313.pyc";

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
    if (entry.name == kZoneFiles) {
        Place place;
        if (int error = make_folders_for(kZoneFolder, &place)) return error;
        return put(*place.folder, place.name, make_later_folder(archive, entry, kZoneFolder));
    }
    if (&archive == g_later) return 1;
    if (entry.name == kZoneList) {
        return with_bytes(archive, entry, [](Bytes list) {
            set_zone_list({reinterpret_cast<const char*>(list.data()), list.size()});
        });
    }
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

// Later folder: reading the archive, and laying its files and links out.
// SPDX-License-Identifier: MIT
#include "files/later_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "files/archive_file.h"
#include "memory_backend.h"

namespace heddle {
namespace {

constexpr mode_t kMode = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;
constexpr std::string_view kLinks = "links";

class LaterFolder final : public wasmfs::MemoryDirectory {
  public:
    LaterFolder(Archive& archive, const Archive::Entry& entry, std::string path)
        : MemoryDirectory(kMode, wasmfs::NullBackend),
          archive_(archive),
          entry_(entry),
          path_(path) {}

  private:
    // WASMFS calls these with the folder's mutex held, which a thread may take again.
    std::shared_ptr<wasmfs::File> getChild(const std::string& name) override {
        fill();
        return MemoryDirectory::getChild(name);
    }
    ssize_t getNumEntries() override {
        fill();
        return MemoryDirectory::getNumEntries();
    }
    wasmfs::Directory::MaybeEntries getEntries() override {
        fill();
        return MemoryDirectory::getEntries();
    }

    void fill() {
        if (is_filled_) return;
        auto* bytes = static_cast<uint8_t*>(std::malloc(entry_.size + 1));
        if (bytes == nullptr) return;
        if (archive_.read(entry_, bytes) != 0) {
            std::free(bytes);
            return;
        }
        is_filled_ = true;
        const Bytes whole(bytes, entry_.size);
        files_ = std::make_unique<Archive>(Archive::directory_of(whole),
                                           whole);  // the bytes stay with it
        files_->for_each([this](const Archive::Entry& entry) {
            if (entry.name == kLinks) return lay_out_links(entry);
            return lay_out(entry.name, std::make_shared<ArchiveFile>(*files_, entry));
        });
    }

    int lay_out(std::string_view path, std::shared_ptr<wasmfs::File> file) {
        std::shared_ptr<wasmfs::Directory> folder;
        for (size_t slash; (slash = path.find('/')) != std::string_view::npos;) {
            const std::string name(path.substr(0, slash));
            if (folder == nullptr) {
                folder = own_folder(name);
            } else if (int error = folder_in(*folder, name, &folder)) {
                return error;
            }
            path.remove_prefix(slash + 1);
        }
        if (folder != nullptr) return put(*folder, std::string(path), std::move(file));
        insertChild(std::string(path), std::move(file));
        return 0;
    }

    // The handle that WASMFS has of this folder looks into its cache before and not after this is filled: what
    // lies directly in it must be its own.
    std::shared_ptr<wasmfs::Directory> own_folder(const std::string& name) {
        if (auto found = MemoryDirectory::getChild(name))
            return found->dynCast<wasmfs::Directory>();
        auto folder = std::make_shared<wasmfs::MemoryDirectory>(kMode, getBackend());
        folder->locked().setParent(cast<wasmfs::Directory>());
        insertChild(name, folder);
        return folder;
    }

    int lay_out_links(const Archive::Entry& entry) {
        std::string lines(entry.size, '\0');
        if (int error = files_->read(entry, reinterpret_cast<uint8_t*>(lines.data()))) return error;
        for (size_t at = 0; at < lines.size();) {
            const size_t end = std::min(lines.find('\n', at), lines.size());
            const std::string_view line(lines.data() + at, end - at);
            const size_t tab = line.find('\t');
            at = end + 1;
            if (tab == std::string_view::npos) continue;
            const std::string target = path_ + "/" + std::string(line.substr(tab + 1));
            const auto link = std::make_shared<wasmfs::MemorySymlink>(target, getBackend());
            if (int error = lay_out(line.substr(0, tab), link)) return error;
        }
        return 0;
    }

    Archive& archive_;
    const Archive::Entry entry_;
    const std::string path_;
    // Under the folder's mutex.
    bool is_filled_ = false;
    std::unique_ptr<Archive> files_;
};

}  // namespace

std::shared_ptr<wasmfs::Directory> make_later_folder(Archive& archive, const Archive::Entry& entry,
                                                     std::string path) {
    return std::make_shared<LaterFolder>(archive, entry, std::move(path));
}

}  // namespace heddle

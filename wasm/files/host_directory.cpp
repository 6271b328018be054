// Host directories: looking names up, making, moving and removing them on the host.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>

#include <cstring>

#include "files/host_tree.h"

namespace heddle {
namespace {

using wasmfs::File;

std::shared_ptr<File> make_file(HostPlace place, const heddle_host_stat_t& stat) {
    if (S_ISDIR(stat.mode)) return std::make_shared<HostDirectory>(std::move(place), stat);
    if (S_ISLNK(stat.mode)) return std::make_shared<HostSymlink>(std::move(place), stat);
    return std::make_shared<HostFile>(std::move(place), stat);
}

File::FileKind kind_of(uint32_t mode) {
    if (S_ISDIR(mode)) return File::DirectoryKind;
    return S_ISLNK(mode) ? File::SymlinkKind : File::DataFileKind;
}

File::FileKind kind_of_letter(char letter) {
    switch (letter) {
        case 'f':
            return File::DataFileKind;
        case 'd':
            return File::DirectoryKind;
        case 'l':
            return File::SymlinkKind;
        default:
            return File::UnknownKind;
    }
}

// Calls use(file) with the file as what it is. All files of a mount are of our classes.
template <typename Use>
auto with_kind(File& file, Use use) {
    if (file.is<wasmfs::Directory>()) return use(static_cast<HostDirectory&>(file));
    if (file.is<wasmfs::Symlink>()) return use(static_cast<HostSymlink&>(file));
    return use(static_cast<HostFile&>(file));
}

}  // namespace

HostPlace* host_place_of(const std::shared_ptr<File>& file) {
    if (file == nullptr || file->getBackend() != host_backend()) return nullptr;
    return with_kind(*file, [](auto& hosted) { return &hosted.place(); });
}

HostDirectory::HostDirectory(HostPlace place, const heddle_host_stat_t& stat)
    : Hosted(std::move(place), mode_t{stat.mode & ~mode_t{S_IFMT}}, host_backend()) {
    refresh(stat);
}

std::shared_ptr<HostDirectory> HostDirectory::self() {
    return std::static_pointer_cast<HostDirectory>(shared_from_this());
}

int HostDirectory::open(std::shared_ptr<const OpenFolder>* out) {
    *out = place_.is_root() ? place_.mount().folder : kept_.get();
    if (*out != nullptr) return 0;
    const auto open_it = [&] { return place_.at(heddle_host_open_folder); };
    int number = open_it();
    if (number == -EMFILE) {
        KeptFolder::clear_all();
        number = open_it();
    }
    if (number < 0) return number;
    *out = std::make_shared<const OpenFolder>(number);
    kept_.put(*out);
    return 0;
}

int HostDirectory::stat_child(const std::string& name, heddle_host_stat_t* out) {
    return here([&](int folder) { return heddle_host_stat(folder, name.c_str(), out); });
}

void HostDirectory::remember(const std::string& name, std::shared_ptr<File> file, int64_t ino) {
    forget(name);
    children_[name] = Child{std::move(file), ino};
}

void HostDirectory::forget(const std::string& name) {
    const auto found = children_.find(name);
    if (found == children_.end()) return;
    const std::shared_ptr<File> file = std::move(found->second.file);
    children_.erase(found);
    with_kind(*file, [](auto& hosted) { hosted.lose_name(); });
}

std::shared_ptr<File> HostDirectory::getChild(const std::string& name) {
    heddle_host_stat_t stat;
    if (remember_host_error(stat_child(name, &stat)) < 0) {
        forget(name);
        return nullptr;
    }
    if (const auto found = children_.find(name); found != children_.end()) {
        Child& child = found->second;
        if (child.ino == stat.ino && child.file->kind == kind_of(stat.mode)) {
            with_kind(*child.file, [&](auto& hosted) { hosted.refresh_if_free(stat); });
            remember_look(child.file.get(), stat);
            return child.file;
        }
    }
    auto file = make_file(HostPlace(self(), name), stat);
    remember(name, file, stat.ino);
    remember_look(file.get(), stat);
    return file;
}

std::shared_ptr<wasmfs::DataFile> HostDirectory::insertDataFile(const std::string& name,
                                                                mode_t mode) {
    // The descriptor is kept for the open() that follows, which must work even when `mode` denies
    // it: it creates the file, so it may write it.
    constexpr int kFlags =
        HEDDLE_OPEN_READ | HEDDLE_OPEN_WRITE | HEDDLE_OPEN_CREATE | HEDDLE_OPEN_EXCLUSIVE;
    const int fd = here([&](int folder) {
        return heddle_host_open(folder, name.c_str(), kFlags, static_cast<int>(mode));
    });
    if (remember_host_error(fd) < 0) return nullptr;
    heddle_host_stat_t stat;
    if (remember_host_error(heddle_host_fstat(fd, &stat)) < 0) {
        heddle_host_close(fd);
        return nullptr;
    }
    auto file = std::make_shared<HostFile>(HostPlace(self(), name), stat, fd);
    remember(name, file, stat.ino);
    return file;
}

std::shared_ptr<wasmfs::Directory> HostDirectory::insertDirectory(const std::string& name,
                                                                  mode_t mode) {
    heddle_host_stat_t stat;
    int result = here([&](int folder) {
        return heddle_host_mkdir(folder, name.c_str(), static_cast<int>(mode));
    });
    if (result == 0) result = stat_child(name, &stat);
    if (remember_host_error(result) < 0) return nullptr;
    auto folder = std::make_shared<HostDirectory>(HostPlace(self(), name), stat);
    remember(name, folder, stat.ino);
    return folder;
}

std::shared_ptr<wasmfs::Symlink> HostDirectory::insertSymlink(const std::string& name,
                                                              const std::string& target) {
    heddle_host_stat_t stat;
    int result =
        here([&](int folder) { return heddle_host_symlink(target.c_str(), folder, name.c_str()); });
    if (result == 0) result = stat_child(name, &stat);
    if (remember_host_error(result) < 0) return nullptr;
    auto link = std::make_shared<HostSymlink>(HostPlace(self(), name), stat);
    remember(name, link, stat.ino);
    return link;
}

// rename() holds the mutexes of both folders.
int HostDirectory::insertMove(const std::string& name, std::shared_ptr<File> file) {
    HostPlace* place = host_place_of(file);
    if (place == nullptr || place->is_root()) return -EXDEV;
    const int error = place->at([&](int from_folder, const char* from) {
        return here([&](int to_folder) {
            return heddle_host_rename(from_folder, from, to_folder, name.c_str());
        });
    });
    if (error != 0) return error;

    int64_t ino = 0;
    if (const auto old_folder = place->folder()) {
        const auto found = old_folder->children_.find(place->name());
        if (found != old_folder->children_.end()) {
            ino = found->second.ino;
            old_folder->children_.erase(found);
        }
    }
    place->move_to(self(), name);
    remember(name, std::move(file), ino);
    return 0;
}

int HostDirectory::removeChild(const std::string& name) {
    const auto found = children_.find(name);
    const bool is_folder = found != children_.end() && found->second.file->is<wasmfs::Directory>();
    const int result = here([&](int folder) {
        return is_folder ? heddle_host_rmdir(folder, name.c_str())
                         : heddle_host_unlink(folder, name.c_str());
    });
    if (result < 0 && result != -ENOENT) return result;
    forget(name);
    return 0;
}

// Reads the folder as host.h describes: names, each with a letter for its kind after its final 0.
int HostDirectory::read_names(std::vector<Entry>* out) {
    std::string text(4096, '\0');
    const auto read = [&](int folder) {
        return heddle_host_readdir(folder, text.data(), text.size());
    };
    int size;
    while ((size = here(read)) > static_cast<int>(text.size())) {
        text.resize(static_cast<size_t>(size));
    }
    if (size == -ENOENT) return 0;  // removed: nothing is left in it
    if (size < 0) return size;
    const char* const end = text.data() + size;
    for (const char* name = text.data(); name < end;) {
        const char letter = name[std::strlen(name) + 1];
        const auto known = children_.find(name);
        const ino_t ino = known != children_.end() ? known->second.file->getIno() : 0;
        out->push_back({name, kind_of_letter(letter), ino});
        name += std::strlen(name) + 2;
    }
    return 0;
}

ssize_t HostDirectory::getNumEntries() {
    std::vector<Entry> entries;
    const int error = read_names(&entries);
    return error < 0 ? error : static_cast<ssize_t>(entries.size());
}

wasmfs::Directory::MaybeEntries HostDirectory::getEntries() {
    std::vector<Entry> entries;
    if (int error = read_names(&entries)) return {error};
    return {std::move(entries)};
}

std::string HostDirectory::getName(std::shared_ptr<File> file) {
    HostPlace* place = host_place_of(file);
    return place != nullptr ? place->name() : "";
}

// stat() asks for the size first; see HostFile::getSize().
off_t HostDirectory::getSize() {
    heddle_host_stat_t stat;
    const int error = here([&](int folder) { return heddle_host_fstat(folder, &stat); });
    if (error == -ENOENT) return 0;  // removed
    if (error != 0) return error;
    refresh(stat);
    return stat.size;
}

}  // namespace heddle

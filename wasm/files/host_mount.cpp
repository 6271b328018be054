// Host mounts: putting a folder of the host into our file system; the working folder's name there.
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>
#include <syscall_arch.h>
#include <unistd.h>

#include <cstring>

#include "files/host_tree.h"
#include "files/make_folders.h"
#include "wasmfs.h"

namespace heddle {
namespace {

// Only marks the files of mounts: they are made by their folders.
class HostBackend final : public wasmfs::Backend {
  public:
    std::shared_ptr<wasmfs::DataFile> createFile(mode_t) override { return nullptr; }
    std::shared_ptr<wasmfs::Directory> createDirectory(mode_t) override { return nullptr; }
    std::shared_ptr<wasmfs::Symlink> createSymlink(std::string) override { return nullptr; }
};

std::string without_end_slashes(std::string path) {
    while (!path.empty() && path.back() == '/') path.pop_back();
    return path;
}

// Frees the name for a mount: an empty folder makes way. 0 or -errno.
int make_way(const Place& place, const char* path) {
    if (!place.folder->locked().getChild(place.name)) return 0;
    return rmdir(path) == 0 ? 0 : -errno;
}

}  // namespace

wasmfs::backend_t host_backend() {
    static HostBackend backend;
    return &backend;
}

}  // namespace heddle

using namespace heddle;

extern "C" {

int heddle_files_mount_host(const char* path, const char* host_path, int folder) {
    if (path == nullptr || host_path == nullptr) return -EINVAL;
    heddle_host_stat_t stat;
    if (int error = heddle_host_fstat(folder, &stat)) return error;
    Place place;
    if (int error = make_folders_for(path, &place)) return error;
    if (int error = make_way(place, path)) return error;

    auto* mount = new HostMount{std::make_shared<const OpenFolder>(folder),
                                without_end_slashes(host_path), without_end_slashes(path)};
    auto root = std::make_shared<HostDirectory>(HostPlace(*mount), stat);
    return place.folder->locked().mountChild(place.name, std::move(root)) ? 0 : -ENOENT;
}

int heddle_files_add_link(const char* target, const char* path) {
    if (target == nullptr || path == nullptr) return -EINVAL;
    Place place;
    if (int error = make_folders_for(path, &place)) return error;
    return symlink(target, path) == 0 ? 0 : -errno;
}

int __real___syscall_getcwd(intptr_t buffer, size_t size);

// WASMFS asks the folder above a mount for the mount's name, and gets none from a memory folder.
int __wrap___syscall_getcwd(intptr_t buffer, size_t size) {
    const HostPlace* place = host_place_of(wasmfs::wasmFS.getCWD());
    if (place == nullptr) return __real___syscall_getcwd(buffer, size);
    if (buffer == 0 && size > 0) return -EFAULT;
    if (size == 0) return -EINVAL;
    const std::string path = place->virtual_path();
    if (path.empty()) return -ENOENT;
    if (path.size() + 1 > size) return -ERANGE;
    std::memcpy(reinterpret_cast<void*>(buffer), path.c_str(), path.size() + 1);
    return static_cast<int>(path.size() + 1);
}

}  // extern "C"

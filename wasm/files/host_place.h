// Host place: where a host file is, as a name in its folder, and the paths that follow from it.
// SPDX-License-Identifier: MIT
//
// Paths are put together from names when they are needed, because renaming a folder moves
// everything in it. A place keeps its folder alive (the folder knows its children too; see
// HostDirectory), so a descriptor or a working folder deep in a mount always has a way up.
//
// Concurrency
//   Names and parents of all mounts are guarded by one lock, held while a path is put together or a
//   place changes; it is a leaf: nothing else is locked under it.
#ifndef HEDDLE_WASM_FILES_HOST_PLACE_H_
#define HEDDLE_WASM_FILES_HOST_PLACE_H_

#include <memory>
#include <string>

namespace heddle {

class HostDirectory;

// The two names of a mount; never destroyed.
struct HostMount {
    std::string host_path;     // absolute, no slash at its end
    std::string virtual_path;  // where it is in our file system
};

class HostPlace {
  public:
    // The root of a mount.
    explicit HostPlace(const HostMount& mount) : mount_(&mount) {}
    // A name in a folder of the same mount.
    HostPlace(std::shared_ptr<HostDirectory> folder, std::string name);

    bool is_root() const;
    const HostMount& mount() const { return *mount_; }
    // The host's path, and ours; "" once it was removed.
    std::string host_path() const { return path(&HostMount::host_path); }
    std::string virtual_path() const { return path(&HostMount::virtual_path); }
    std::string name() const;
    std::shared_ptr<HostDirectory> folder() const;

    // The file was renamed / removed.
    void move_to(std::shared_ptr<HostDirectory> folder, std::string name);
    void remove();

  private:
    std::string path(std::string HostMount::* start) const;

    const HostMount* mount_;                 // changed by move_to(): from another mount
    std::shared_ptr<HostDirectory> folder_;  // null: a root, or removed
    std::string name_;
    bool removed_ = false;
};

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_HOST_PLACE_H_

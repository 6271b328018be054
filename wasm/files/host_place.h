// Host place: where a host file is, as a name in its folder, and the path that follows from it.
// SPDX-License-Identifier: MIT
//
// A place keeps its folder alive (the folder knows its children too; see HostDirectory), so a
// descriptor or a working folder deep in a mount always has a way up. Its path is put together from
// names when it is needed, because renaming a folder moves everything in it.
//
// Concurrency
//   Names and parents of all mounts are guarded by one lock, held while a path is put together or a
//   place changes; it is a leaf: nothing else is locked under it.
#ifndef HEDDLE_WASM_FILES_HOST_PLACE_H_
#define HEDDLE_WASM_FILES_HOST_PLACE_H_

#include <memory>
#include <string>

#include "files/host_folder.h"

namespace heddle {

class HostDirectory;

// Never destroyed.
struct HostMount {
    std::shared_ptr<const OpenFolder> folder;
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
    // The path in our file system; "" once it was removed.
    std::string virtual_path() const;
    std::string name() const;
    std::shared_ptr<HostDirectory> folder() const;

    // What the host needs to find it: use(folder, name) is called with an open folder's number and the
    // name in it. Returns use()'s result, or a negative errno: -ENOENT once it was removed.
    template <typename Use>
    int at(Use use) const {
        std::shared_ptr<const OpenFolder> folder;
        std::string name;
        if (int error = find(&folder, &name)) return error;
        return use(folder->number(), name.c_str());
    }

    // The file was renamed / removed.
    void move_to(std::shared_ptr<HostDirectory> folder, std::string name);
    void remove();

  private:
    int find(std::shared_ptr<const OpenFolder>* folder_out, std::string* name_out) const;

    const HostMount* mount_;                 // changed by move_to(): from another mount
    std::shared_ptr<HostDirectory> folder_;  // null: a root, or removed
    std::string name_;
    bool removed_ = false;
};

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_HOST_PLACE_H_

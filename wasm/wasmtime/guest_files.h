// Guest files: the files of this machine that the program may reach, by its mounts.
// SPDX-License-Identifier: MIT
//
// The sandbox
//   The module makes paths only of its mounts (wasm/files), but it is not to be trusted.
//   So every path is walked here once more, from an open descriptor of its mount, name by name and
//   never through a symbolic link or "..". The module resolves links on its own side, so its paths
//   have none. A link that appears in between is an error (ELOOP), not a way out.
//   Descriptors that the program holds are numbers of a table. It cannot name any other descriptor
//   of this process.
#ifndef HEDDLE_WASM_WASMTIME_GUEST_FILES_H_
#define HEDDLE_WASM_WASMTIME_GUEST_FILES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace heddle::host {

// An open file; closed when the last user lets go.
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int fd() const { return fd_; }

  private:
    int fd_;
};

// A name in an open folder; the mount's own folder has the name ".".
struct Place {
    std::shared_ptr<Descriptor> folder;
    std::string name;
};

class GuestFiles {
  public:
    // Opens the folders; one that cannot be opened ends the process.
    explicit GuestFiles(const std::vector<std::string>& mounts);

    // Finds a path. 0, or an errno value of this machine: EPERM outside all mounts.
    int find(const std::string& path, Place* out) const;

    // Gives an open file a number. -EMFILE if there are too many.
    int add(std::shared_ptr<Descriptor> file);
    // The file of a number; nullptr if it has none.
    std::shared_ptr<Descriptor> get(int32_t number) const;
    // Takes the number back. False if it was none.
    bool remove(int32_t number);

  private:
    struct Mount {
        std::string path;
        std::shared_ptr<Descriptor> folder;
    };

    const Mount* mount_of(const std::string& path) const;

    std::vector<Mount> mounts_;  // set before any thread starts
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Descriptor>> open_;  // under mutex_
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_GUEST_FILES_H_

// Guest files: the files of this machine that the program may reach, by its mounts.
// SPDX-License-Identifier: MIT
//
// The sandbox
//   The program owns the wasm memory, and may call the file imports with any numbers and names. What
//   it was granted is in this table, out of its reach: the mounts, and what it has opened below them.
//   A call names an open folder of the table and one name in it (host/host.h), which is never followed
//   if it is a symbolic link. So there is no path to be walked, no way up, and a folder that is
//   renamed, or has a link put in its place, stays the folder that was opened.
//   Numbers are indices: they name no other descriptor of this process.
#ifndef HEDDLE_WASM_WASMTIME_GUEST_FILES_H_
#define HEDDLE_WASM_WASMTIME_GUEST_FILES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "options.h"

namespace heddle::host {

// An open file or folder; closed when the last user lets go.
class Descriptor {
  public:
    enum Kind { kFile, kFolder };

    Descriptor(int fd, Kind kind) : fd_(fd), kind_(kind) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int fd() const { return fd_; }
    bool is_folder() const { return kind_ == kFolder; }

  private:
    int fd_;
    Kind kind_;
};

class GuestFiles {
  public:
    // Opens the folders, which get the numbers from 0 on. One that cannot be opened, or that lies in
    // another, ends the process.
    explicit GuestFiles(const std::vector<Mount>& mounts);

    // Gives an open file a number. -EMFILE if there are too many.
    int add(std::shared_ptr<Descriptor> file);
    // The file or folder of a number; nullptr if it has none.
    std::shared_ptr<Descriptor> get(int32_t number) const;
    // The open folder of a number; nullptr if it has none, or if somebody has moved it out of the
    // mounts since: then it is out of the grant.
    std::shared_ptr<Descriptor> folder(int32_t number);
    // Takes the number back. False if it was none, or is a mount.
    bool remove(int32_t number);

  private:
    bool is_in_a_mount(const std::string& path) const;
    void find_mounts();

    size_t mounts_;
    mutable std::mutex mutex_;
    std::vector<std::string> mount_paths_;           // under mutex_: where they were last
    std::vector<std::shared_ptr<Descriptor>> open_;  // under mutex_; the mounts come first
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_GUEST_FILES_H_

// Host folder: open folders of the host, and which of them are kept open.
// SPDX-License-Identifier: MIT
//
// Overview
//   The host takes a number of an open folder and a name in it (host/host.h). Each HostDirectory keeps
//   its folder open from its first use on, so a look at a file deep in a mount costs as much as at its
//   top. The host's table is finite: when many are open, the one that was not used for longest is
//   closed, and opened anew by its name when it is needed again.
//
// Lifetime
//   Whoever calls the host holds the OpenFolder meanwhile, so a number is never given back, and so
//   never another folder's, during a call.
//
// Concurrency
//   The list of kept folders has a lock, a leaf: the host is not called under it.
#ifndef HEDDLE_WASM_FILES_HOST_FOLDER_H_
#define HEDDLE_WASM_FILES_HOST_FOLDER_H_

#include <list>
#include <memory>

namespace heddle {

// A number of the host's, given back with the last user.
class OpenFolder {
  public:
    explicit OpenFolder(int number) : number_(number) {}
    ~OpenFolder();
    OpenFolder(const OpenFolder&) = delete;
    OpenFolder& operator=(const OpenFolder&) = delete;

    int number() const { return number_; }

  private:
    const int number_;
};

// A place for an open folder that may be taken away at any time.
class KeptFolder {
  public:
    KeptFolder() = default;
    ~KeptFolder() { clear(); }
    KeptFolder(const KeptFolder&) = delete;
    KeptFolder& operator=(const KeptFolder&) = delete;

    // The folder, now the one that was used last; or null.
    std::shared_ptr<const OpenFolder> get();
    // Keeps it, and closes others where too many are kept.
    void put(std::shared_ptr<const OpenFolder> folder);
    void clear();

    // Closes all that are kept anywhere, so that the host has room.
    static void clear_all();

  private:
    std::shared_ptr<const OpenFolder> folder_;  // under the list's lock, like where_
    std::list<KeptFolder*>::iterator where_;    // while folder_ is there
};

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_HOST_FOLDER_H_

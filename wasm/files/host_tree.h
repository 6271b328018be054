// Host tree: WASMFS files, folders and links that stand for those of the host.
// SPDX-License-Identifier: MIT
//
// Overview
//   The host's folder is the truth and other processes may change it, so every lookup and every
//   stat asks the host. WASMFS caches children for ever where a backend lets it. So these folders
//   say that they maintain file identity themselves: each remembers the File it gave for a name,
//   and gives it again while the host's file is the same one (inode and kind). WASMFS takes st_ino
//   from the File's address, so that is right too: one number for a file, and another for another.
//   open() of a path goes through files/path_calls.cpp to WASMFS, which asks each folder on the way
//   for its child (getChild()) and then calls the file's open().
//
// Lifetime
//   A folder owns its children, and a child's place owns its folder. The circle is broken when a
//   name goes away (removed here, or no longer there at a lookup): see forget().
//
// Concurrency
//   WASMFS holds a File's own mutex in all calls of its virtual functions. It locks folders before
//   their children, except that rename() goes upwards; a folder therefore never waits for a child's
//   mutex, it only tries (see refresh_if_free() and lose_name()).
#ifndef HEDDLE_WASM_FILES_HOST_TREE_H_
#define HEDDLE_WASM_FILES_HOST_TREE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backend.h"
#include "file.h"
#include "files/host_place.h"
#include "host/host.h"
#include "host/milliseconds.h"

namespace heddle {

// The backend of all mounts; marks their files. Sharing it lets rename() work between mounts.
wasmfs::backend_t host_backend();

// What host files of all kinds share. Kind is a WASMFS class.
template <typename Kind>
class Hosted : public Kind {
  public:
    HostPlace& place() { return place_; }
    const HostPlace& place() const { return place_; }

    // Takes mode and times from the host, unless another thread uses the file just now. Called with
    // the folder's mutex held.
    void refresh_if_free(const heddle_host_stat_t& stat) {
        if (!this->mutex.try_lock()) return;
        refresh(stat);
        this->mutex.unlock();
    }
    // The file has lost its name: it was removed or replaced.
    void lose_name() {
        place_.remove();
        if (!this->mutex.try_lock()) return;
        this->parent.reset();
        this->mutex.unlock();
    }

  protected:
    template <typename... Arguments>
    explicit Hosted(HostPlace place, Arguments&&... arguments)
        : Kind(std::forward<Arguments>(arguments)...), place_(std::move(place)) {}

    // Takes mode and times from the host. Under the file's mutex.
    void refresh(const heddle_host_stat_t& stat) {
        this->mode = stat.mode;
        this->atime = readable_time(stat.atime_ms);
        this->mtime = readable_time(stat.mtime_ms);
        this->ctime = readable_time(stat.ctime_ms);
    }

    HostPlace place_;
};

class HostFile final : public Hosted<wasmfs::DataFile> {
  public:
    // created_fd: a host descriptor for reading and writing that is open already, or -1.
    HostFile(HostPlace place, const heddle_host_stat_t& stat, int created_fd = -1);
    ~HostFile() override;

  private:
    int open(wasmfs::oflags_t access) override;
    int close() override;
    ssize_t read(uint8_t* buffer, size_t size, off_t offset) override;
    ssize_t write(const uint8_t* buffer, size_t size, off_t offset) override;
    int setSize(off_t size) override;
    int flush() override;
    off_t getSize() override;
    int open_host_file(int flags) const;
    void close_descriptors();

    // Host descriptors, shared by all opens of this file, because WASMFS does not tell read() and
    // write() which open they belong to. Both may be the same one; -1: none. A removed file stays
    // usable through them. Under the file's mutex, like opens_.
    int read_fd_;
    int write_fd_;
    int opens_ = 0;
};

class HostSymlink final : public Hosted<wasmfs::Symlink> {
  public:
    HostSymlink(HostPlace place, const heddle_host_stat_t& stat);

  private:
    std::string getTarget() const override;
};

class HostDirectory final : public Hosted<wasmfs::Directory> {
  public:
    HostDirectory(HostPlace place, const heddle_host_stat_t& stat);

    // The folder itself, for calls of the host. 0 or a negative errno. From any thread.
    int open(std::shared_ptr<const OpenFolder>* out);
    void lose_name() {
        Hosted::lose_name();
        kept_.clear();
    }

  private:
    using Kind = wasmfs::File::FileKind;
    struct Child {
        std::shared_ptr<wasmfs::File> file;
        int64_t ino;  // the host's
    };

    std::shared_ptr<wasmfs::File> getChild(const std::string& name) override;
    std::shared_ptr<wasmfs::DataFile> insertDataFile(const std::string& name, mode_t mode) override;
    std::shared_ptr<wasmfs::Directory> insertDirectory(const std::string& name,
                                                       mode_t mode) override;
    std::shared_ptr<wasmfs::Symlink> insertSymlink(const std::string& name,
                                                   const std::string& target) override;
    int insertMove(const std::string& name, std::shared_ptr<wasmfs::File> file) override;
    int removeChild(const std::string& name) override;
    ssize_t getNumEntries() override;
    MaybeEntries getEntries() override;
    std::string getName(std::shared_ptr<wasmfs::File> file) override;
    bool maintainsFileIdentity() override { return true; }
    off_t getSize() override;

    std::shared_ptr<HostDirectory> self();
    // Calls use(folder) with the folder's number. Returns use()'s result, or a negative errno.
    template <typename Use>
    int here(Use use) {
        std::shared_ptr<const OpenFolder> folder;
        if (int error = open(&folder)) return error;
        return use(folder->number());
    }
    int stat_child(const std::string& name, heddle_host_stat_t* out);
    // Remembers a file for the name, in place of what was there.
    void remember(const std::string& name, std::shared_ptr<wasmfs::File> file, int64_t ino);
    void forget(const std::string& name);
    int read_names(std::vector<Entry>* out);

    std::map<std::string, Child> children_;  // under this folder's mutex
    KeptFolder kept_;
};

// The place of a file of any kind; null if the file is not in a mount.
HostPlace* host_place_of(const std::shared_ptr<wasmfs::File>& file);

// A lookup asks the host, and stat() then asks the file that was found once more. So the thread keeps
// what it heard for that file, until it takes it. Files without a descriptor only: these are asked for
// their size by nobody who has not just looked them up.
void remember_look(const wasmfs::File* file, const heddle_host_stat_t& stat);
bool take_look(const wasmfs::File* file, heddle_host_stat_t* out);

// path_calls.cpp: what the host said last to this thread, for calls where WASMFS keeps no error.
// remember_host_error(-errno or 0) returns its argument.
int remember_host_error(int result);

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_HOST_TREE_H_

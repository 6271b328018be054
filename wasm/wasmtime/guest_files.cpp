// Guest files: mounts, the walk along a path, the table of open files.
// SPDX-License-Identifier: MIT
#include "guest_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "errors.h"

namespace heddle::host {
namespace {

constexpr size_t kMostOpen = 4096;

}  // namespace

Descriptor::~Descriptor() { close(fd_); }

GuestFiles::GuestFiles(const std::vector<std::string>& mounts) {
    for (const std::string& path : mounts) {
        const int fd = open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) give_up("cannot mount " + path + ": " + strerror(errno));
        mounts_.push_back({path, std::make_shared<Descriptor>(fd)});
    }
}

const GuestFiles::Mount* GuestFiles::mount_of(const std::string& path) const {
    for (const Mount& mount : mounts_) {
        if (path.starts_with(mount.path) &&
            (path.size() == mount.path.size() || path[mount.path.size()] == '/')) {
            return &mount;
        }
    }
    return nullptr;
}

int GuestFiles::find(const std::string& path, Place* out) const {
    const Mount* mount = mount_of(path);
    if (mount == nullptr) return EPERM;
    *out = {mount->folder, "."};
    for (size_t at = mount->path.size(); at < path.size();) {
        const size_t start = at + 1;
        at = std::min(path.find('/', start), path.size());
        std::string name = path.substr(start, at - start);
        if (name == "..") return EPERM;
        if (name.empty() || name == ".") continue;
        if (out->name != ".") {
            const int fd = openat(out->folder->fd(), out->name.c_str(),
                                  O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (fd < 0) return errno;
            out->folder = std::make_shared<Descriptor>(fd);
        }
        out->name = std::move(name);
    }
    return 0;
}

int GuestFiles::add(std::shared_ptr<Descriptor> file) {
    const std::lock_guard<std::mutex> held(mutex_);
    const auto free_slot = std::find(open_.begin(), open_.end(), nullptr);
    const auto number = static_cast<int>(free_slot - open_.begin());
    if (free_slot != open_.end()) {
        *free_slot = std::move(file);
    } else {
        if (open_.size() >= kMostOpen) return -EMFILE;
        open_.push_back(std::move(file));
    }
    return number;
}

std::shared_ptr<Descriptor> GuestFiles::get(int32_t number) const {
    const std::lock_guard<std::mutex> held(mutex_);
    const auto index = static_cast<size_t>(number);
    return number >= 0 && index < open_.size() ? open_[index] : nullptr;
}

bool GuestFiles::remove(int32_t number) {
    std::shared_ptr<Descriptor> file;  // closed outside the lock
    const std::lock_guard<std::mutex> held(mutex_);
    const auto index = static_cast<size_t>(number);
    if (number < 0 || index >= open_.size() || open_[index] == nullptr) return false;
    file = std::move(open_[index]);
    return true;
}

}  // namespace heddle::host

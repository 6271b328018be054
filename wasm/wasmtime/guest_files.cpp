// Guest files: mounts, and the table of what is open.
// SPDX-License-Identifier: MIT
#include "guest_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "errors.h"
#include "proc_folders.h"

namespace heddle::host {
namespace {

constexpr size_t kMostOpen = 4096;

// Where an open folder is now.
std::string path_of(int fd) {
    char path[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t size = readlink(link.c_str(), path, sizeof path);
    return {path, size > 0 ? static_cast<size_t>(size) : 0};
}

// The program would see files of both twice, each time as if nobody else changed them.
void check_overlap(const std::vector<Mount>& mounts) {
    std::vector<std::string> real;
    for (const Mount& mount : mounts) {
        char* found = realpath(mount.folder.c_str(), nullptr);
        real.push_back(found != nullptr ? found : mount.folder);
        free(found);
    }
    for (size_t inner = 0; inner < real.size(); inner++) {
        for (size_t outer = 0; outer < real.size(); outer++) {
            if (inner == outer || !lies_in(real[inner], real[outer])) continue;
            give_up("cannot mount " + mounts[inner].folder + ": it lies in " +
                    mounts[outer].folder + ", which is mounted too. Give only one of them.");
        }
    }
}

}  // namespace

Descriptor::~Descriptor() { close(fd_); }

GuestFiles::GuestFiles(const std::vector<Mount>& mounts) : mounts_(mounts.size()) {
    check_overlap(mounts);
    for (const auto& [folder, path] : mounts) {
        refuse_proc_folder(folder);
        const int fd = open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) give_up("cannot mount " + folder + ": " + strerror(errno));
        open_.push_back(std::make_shared<Descriptor>(fd, Descriptor::kFolder));
    }
    find_mounts();
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

std::shared_ptr<Descriptor> GuestFiles::folder(int32_t number) {
    std::shared_ptr<Descriptor> found = get(number);
    if (found == nullptr || !found->is_folder()) return nullptr;
    if (static_cast<size_t>(number) < mounts_) return found;
    const std::string path = path_of(found->fd());
    if (is_in_a_mount(path)) return found;
    find_mounts();  // they may have been moved themselves
    return is_in_a_mount(path) ? found : nullptr;
}

bool GuestFiles::is_in_a_mount(const std::string& path) const {
    if (path.empty()) return false;  // nobody knows where it is: this process has no /proc
    const std::lock_guard<std::mutex> held(mutex_);
    return std::any_of(mount_paths_.begin(), mount_paths_.end(),
                       [&](const std::string& mount) { return lies_in(path, mount); });
}

void GuestFiles::find_mounts() {
    const std::lock_guard<std::mutex> held(mutex_);
    mount_paths_.clear();
    for (size_t i = 0; i < mounts_; i++) mount_paths_.push_back(path_of(open_[i]->fd()));
}

bool GuestFiles::remove(int32_t number) {
    std::shared_ptr<Descriptor> file;  // closed outside the lock
    const std::lock_guard<std::mutex> held(mutex_);
    const auto index = static_cast<size_t>(number);
    if (number < 0 || index < mounts_ || index >= open_.size() || open_[index] == nullptr) {
        return false;
    }
    file = std::move(open_[index]);
    return true;
}

}  // namespace heddle::host

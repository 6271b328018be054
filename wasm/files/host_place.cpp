// Host place: names and folders of files.
// SPDX-License-Identifier: MIT
#include "files/host_place.h"

#include <errno.h>

#include <mutex>
#include <vector>

#include "files/host_tree.h"
#include "heddle/lock.h"

namespace heddle {
namespace {

constinit Lock g_tree;  // guards all places; see host_place.h

}  // namespace

HostPlace::HostPlace(std::shared_ptr<HostDirectory> folder, std::string name)
    : mount_(&folder->place().mount()), folder_(std::move(folder)), name_(std::move(name)) {}

bool HostPlace::is_root() const {
    const std::lock_guard<Lock> held(g_tree);
    return folder_ == nullptr && !removed_;
}

std::string HostPlace::name() const {
    const std::lock_guard<Lock> held(g_tree);
    return name_;
}

std::shared_ptr<HostDirectory> HostPlace::folder() const {
    const std::lock_guard<Lock> held(g_tree);
    return folder_;
}

std::string HostPlace::virtual_path() const {
    const std::lock_guard<Lock> held(g_tree);
    std::vector<const HostPlace*> way;
    const HostPlace* place = this;
    for (; place->folder_ != nullptr; place = &place->folder_->place()) way.push_back(place);
    if (place->removed_) return "";
    std::string path = place->mount_->virtual_path;
    for (auto step = way.rbegin(); step != way.rend(); ++step) path += '/' + (*step)->name_;
    return path.empty() ? "/" : path;
}

int HostPlace::find(std::shared_ptr<const OpenFolder>* folder_out, std::string* name_out) const {
    std::shared_ptr<HostDirectory> folder;
    {
        const std::lock_guard<Lock> held(g_tree);
        if (removed_) return -ENOENT;
        folder = folder_;
        *name_out = folder != nullptr ? name_ : ".";
        if (folder == nullptr) *folder_out = mount_->folder;
    }
    return folder != nullptr ? folder->open(folder_out) : 0;
}

void HostPlace::move_to(std::shared_ptr<HostDirectory> folder, std::string name) {
    std::shared_ptr<HostDirectory> former;  // let go of outside the lock: it may be the last
    const std::lock_guard<Lock> held(g_tree);
    former = std::move(folder_);
    mount_ = folder->place().mount_;
    folder_ = std::move(folder);
    name_ = std::move(name);
}

void HostPlace::remove() {
    std::shared_ptr<HostDirectory> former;  // as in move_to()
    const std::lock_guard<Lock> held(g_tree);
    former = std::move(folder_);
    removed_ = true;
}

}  // namespace heddle

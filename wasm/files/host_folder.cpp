// Host folder: the list of those that are kept open.
// SPDX-License-Identifier: MIT
#include "files/host_folder.h"

#include <mutex>
#include <vector>

#include "heddle/lock.h"
#include "host/host.h"

namespace heddle {
namespace {

using Folder = std::shared_ptr<const OpenFolder>;

// More than a program's working set of folders mostly is, and a fraction of what the host's table holds.
constexpr size_t kMostKept = 256;

constinit Lock g_kept_lock;

// The one used last comes first. Never destroyed: threads may run on while the process exits.
std::list<KeptFolder*>& kept() {
    static auto& list = *new std::list<KeptFolder*>;
    return list;
}

}  // namespace

OpenFolder::~OpenFolder() { heddle_host_close(number_); }

Folder KeptFolder::get() {
    const std::lock_guard<Lock> held(g_kept_lock);
    if (folder_ != nullptr) kept().splice(kept().begin(), kept(), where_);
    return folder_;
}

void KeptFolder::put(Folder folder) {
    Folder former, oldest;  // closed outside the lock
    const std::lock_guard<Lock> held(g_kept_lock);
    if (folder_ != nullptr) {
        former = std::move(folder_);
        kept().erase(where_);
    } else if (kept().size() >= kMostKept) {
        oldest = std::move(kept().back()->folder_);
        kept().pop_back();
    }
    folder_ = std::move(folder);
    where_ = kept().insert(kept().begin(), this);
}

void KeptFolder::clear() {
    Folder former;  // closed outside the lock
    const std::lock_guard<Lock> held(g_kept_lock);
    if (folder_ == nullptr) return;
    former = std::move(folder_);
    kept().erase(where_);
}

void KeptFolder::clear_all() {
    std::vector<Folder> former;  // closed outside the lock
    const std::lock_guard<Lock> held(g_kept_lock);
    for (KeptFolder* place : kept()) former.push_back(std::move(place->folder_));
    kept().clear();
}

}  // namespace heddle

// Making folders: walking down a path.
// SPDX-License-Identifier: MIT
#include "files/make_folders.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

namespace heddle {

int make_folders_for(const char* path, Place* out) {
    if (path == nullptr || path[0] != '/') return -EINVAL;
    std::string whole(path);
    while (whole.size() > 1 && whole.back() == '/') whole.pop_back();
    for (size_t slash = whole.find('/', 1); slash != std::string::npos;
         slash = whole.find('/', slash + 1)) {
        if (mkdir(whole.substr(0, slash).c_str(), 0777) != 0 && errno != EEXIST) return -errno;
    }
    auto parsed = wasmfs::path::parseParent(whole);
    if (long error = parsed.getError()) return static_cast<int>(error);
    auto& [folder, name] = parsed.getParentChild();
    if (name == "." || name == "..") return -EINVAL;
    *out = {folder, std::string(name)};
    return 0;
}

}  // namespace heddle

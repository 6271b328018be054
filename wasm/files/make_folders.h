// Making folders: finding the folder that a new file or mount goes into, and making it if needed.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_FILES_MAKE_FOLDERS_H_
#define HEDDLE_WASM_FILES_MAKE_FOLDERS_H_

#include <memory>
#include <string>

#include "file.h"

namespace heddle {

// A name inside a folder.
struct Place {
    std::shared_ptr<wasmfs::Directory> folder;
    std::string name;
};

// Finds the place of an absolute path and makes the folders on the way that are not there. 0 or
// -errno. Never blocks for long; any thread.
int make_folders_for(const char* path, Place* out);

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_MAKE_FOLDERS_H_

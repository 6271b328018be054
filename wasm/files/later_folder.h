// Later folder: a folder whose files are an archive inside another one, read when somebody looks into it.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_FILES_LATER_FOLDER_H_
#define HEDDLE_WASM_FILES_LATER_FOLDER_H_

#include <memory>
#include <string>

#include "file.h"
#include "files/archive.h"

namespace heddle {

// entry: of a zip archive, in `archive`. Its entry `links` has a line for each link: the name, a tab, what it
// names below `path`, which is where the folder will be. The folder is empty for as long as the archive
// cannot be had; looking into it waits for that.
std::shared_ptr<wasmfs::Directory> make_later_folder(Archive& archive, const Archive::Entry& entry,
                                                     std::string path);

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_LATER_FOLDER_H_

// Path rules: what POSIX says of the form of a path.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_FILES_PATH_RULES_H_
#define HEDDLE_WASM_FILES_PATH_RULES_H_

#include <string_view>

namespace heddle {

// Whether a path names a folder by its form alone. "/" does not end in a slash in this sense.
inline bool ends_in_slash(std::string_view path) {
    return path.size() > 1 && path.back() == '/' &&
           path.find_first_not_of('/') != std::string_view::npos;
}

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_PATH_RULES_H_

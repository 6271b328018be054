// Build id: whether python.wasm and stdlib.zip are of one build. ../host/stamp-build.py writes it.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_BUILD_ID_H_
#define HEDDLE_WASM_WASMTIME_BUILD_ID_H_

#include <string>

#include "mapped_file.h"

namespace heddle::host {

// Ends the program with a message if the folder's python.wasm is of another build than the archive.
void check_same_build(const std::string& folder, const MappedFile& stdlib);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_BUILD_ID_H_

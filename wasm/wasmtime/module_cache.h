// Module cache: compiled modules on disk, because compiling takes seconds and loading milliseconds.
// SPDX-License-Identifier: MIT
//
// A module lies in <folder>/<key>.cwasm, beside <key>.sum with the content hash of that file. Both
// get their names when they are complete. A file that is damaged, cut short or from another version
// is as good as not there. A user who may write to the folder may make the host run any code: the
// folder is the user's own, as are the user's programs.
#ifndef HEDDLE_WASM_WASMTIME_MODULE_CACHE_H_
#define HEDDLE_WASM_WASMTIME_MODULE_CACHE_H_

#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

class ModuleCache {
  public:
    // An empty folder: finds nothing, stores nothing.
    explicit ModuleCache(std::string folder) : folder_(std::move(folder)) {}

    // The module stored under the key, or nullptr.
    wasmtime_module* find(wasm_engine_t* engine, const std::string& key) const;
    // Stores it; a folder that cannot be written costs time at the next start, no more. The oldest
    // of many modules go.
    void store(wasmtime_module* module, const std::string& key) const;

  private:
    std::string path(const std::string& key, const char* ending) const;
    void write(const std::string& path, const uint8_t* data, size_t size) const;
    void remove_oldest() const;

    std::string folder_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_MODULE_CACHE_H_

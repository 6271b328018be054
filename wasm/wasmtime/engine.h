// Engine: wasmtime's settings, and the compiled module.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_ENGINE_H_
#define HEDDLE_WASM_WASMTIME_ENGINE_H_

#include <cstddef>
#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

// How much of a thread's native stack wasm may use; only touched pages take memory. Python's
// recursion in C needs it: as much as workers get under Node.
inline constexpr size_t kWasmStackBytes = size_t{64} << 20;

class Engine {
  public:
    Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    wasm_engine_t* handle() const { return engine_; }

    // The module in the file, from the cache folder if it is there and whole, else compiled and put
    // there. An empty cache_folder: always compiled. Ends the process if that fails.
    wasmtime_module* load(const std::string& path, const std::string& cache_folder) const;

  private:
    wasm_engine_t* engine_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_ENGINE_H_

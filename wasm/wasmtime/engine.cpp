// Engine: settings, compiling, and what the cache's key is made of.
// SPDX-License-Identifier: MIT
#include "engine.h"

#include <unistd.h>

#include <cstdio>

#include "content_hash.h"
#include "errors.h"
#include "mapped_file.h"
#include "module_cache.h"

namespace heddle::host {
namespace {

// Everything that decides what the compiled code looks like, beside the module's bytes.
const std::string kCodeFormat = "wasmtime " WASMTIME_VERSION ", code 1";

}  // namespace

Engine::Engine() {
    wasm_config_t* config = wasm_config_new();
    wasmtime_config_wasm_threads_set(config, true);
    wasmtime_config_shared_memory_set(config, true);
    wasmtime_config_wasm_tail_call_set(config, true);  // Python's interpreter loop may use them
    wasmtime_config_max_wasm_stack_set(config, kWasmStackBytes);
    // The whole address space of wasm32 is set aside, so that the memory grows in place.
    wasmtime_config_memory_reservation_set(config, uint64_t{4} << 30);
    // Wanted by wasmtime although nothing here is asynchronous: no less than wasm's stack.
    wasmtime_config_async_stack_size_set(config, kWasmStackBytes * 2);
    engine_ = wasm_engine_new_with_config(config);
    if (engine_ == nullptr) give_up("wasmtime does not run on this machine");
}

wasmtime_module* Engine::load(const std::string& path, const std::string& cache_folder) const {
    const MappedFile wasm(path);
    if (!wasm.ok()) give_up("cannot read " + path + ": " + wasm.error());
    const std::string key = content_hash(wasm.data(), wasm.size(), kCodeFormat);
    const ModuleCache cache(cache_folder);
    if (wasmtime_module* module = cache.find(engine_, key)) return module;

    if (isatty(STDERR_FILENO))
        fprintf(stderr, "heddle: compiling %s, this once ...\n", path.c_str());
    wasmtime_module* module = nullptr;
    check(wasmtime_module_new(engine_, wasm.data(), wasm.size(), &module), "compile " + path);
    cache.store(module, key);
    return module;
}

}  // namespace heddle::host

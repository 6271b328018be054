// Shared memory: making one, and giving it to a linker.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_SHARED_MEMORY_H_
#define HEDDLE_WASM_WASMTIME_SHARED_MEMORY_H_

#include <cstdint>

#include "wasmtime_c.h"

namespace heddle::host {

// What wasm32's memory is measured in: its page, not this machine's.
inline constexpr uint64_t kPageBytes = 65536;

// A new memory of `pages`, which may grow to `most_pages`. Ends the process if that fails.
wasmtime_sharedmemory* make_shared_memory(wasm_engine_t* engine, uint64_t pages,
                                          uint64_t most_pages);
// Gives it to the linker as env.memory. Ends the process if that fails.
void define_memory(wasmtime_linker* linker, wasm_engine_t* engine, wasmtime_sharedmemory* memory);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_SHARED_MEMORY_H_

// Shared memory: wasmtime's calls for it.
// SPDX-License-Identifier: MIT
#include "shared_memory.h"

#include "errors.h"

namespace heddle::host {
namespace {

constexpr uint8_t kLog2PageBytes = 16;
constexpr uint8_t kExternSharedMemory = 4;

}  // namespace

wasmtime_sharedmemory* make_shared_memory(wasm_engine_t* engine, uint64_t pages,
                                          uint64_t most_pages) {
    wasm_memorytype_t* type = nullptr;
    wasmtime_sharedmemory* memory = nullptr;
    check(wasmtime_memorytype_new(pages, /*max_present=*/true, most_pages, /*is_64=*/false,
                                  /*shared=*/true, kLog2PageBytes, &type),
          "describe the memory");
    check(wasmtime_sharedmemory_new(engine, type, &memory), "make the memory");
    wasm_memorytype_delete(type);
    return memory;
}

void define_memory(wasmtime_linker* linker, wasm_engine_t* engine, wasmtime_sharedmemory* memory) {
    // The definition wants some store; a shared memory belongs to none.
    wasmtime_store* store = wasmtime_store_new(engine, nullptr, nullptr);
    wasmtime_extern item{};
    item.kind = kExternSharedMemory;
    item.of.sharedmemory = memory;
    check(
        wasmtime_linker_define(linker, wasmtime_store_context(store), "env", 3, "memory", 6, &item),
        "define the memory");
    wasmtime_store_delete(store);
}

}  // namespace heddle::host

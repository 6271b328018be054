// Guest layout: structs and numbers of python.wasm's libc, as a native host reads and writes them.
// SPDX-License-Identifier: MIT
//
// layout_checks.cpp is compiled for python.wasm's target and compares all of them with the originals.
#ifndef HEDDLE_WASM_HOST_GUEST_LAYOUT_H_
#define HEDDLE_WASM_HOST_GUEST_LAYOUT_H_

#include <cstdint>

namespace heddle::host {

// Of Emscripten's struct pthread.
inline constexpr uint32_t kPthreadStackTopOffset = 52;
inline constexpr uint32_t kPthreadStackBytesOffset = 56;

// heddle_console_chunk_t.
struct GuestChunk {
    uint32_t stream, thread, data, size;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_HOST_GUEST_LAYOUT_H_

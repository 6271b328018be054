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

// musl's struct tm, up to tm_gmtoff.
struct GuestTm {
    int32_t sec, min, hour, mday, mon, year, wday, yday, isdst, gmtoff;
};

// Room for a zone's name in the module, with its final 0 (TZNAME_MAX + 1 in musl's tzset).
inline constexpr uint32_t kZoneNameBytes = 17;

}  // namespace heddle::host

#endif  // HEDDLE_WASM_HOST_GUEST_LAYOUT_H_

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

// What <netdb.h> and <sys/socket.h> number.
inline constexpr int32_t kEaiNoName = -2, kEaiService = -8, kEaiFamily = -6, kEaiMemory = -10,
                         kEaiOverflow = -12;
inline constexpr int32_t kAiPassive = 1, kAiCanonName = 2;
inline constexpr int32_t kNiNameRequired = 8;
inline constexpr int32_t kTcp = 6, kUdp = 17, kStream = 1, kDatagram = 2;
inline constexpr uint16_t kInet = 2, kInet6 = 10;

struct GuestAddress {  // struct sockaddr_in, or sockaddr_in6
    uint16_t family;
    uint16_t port;  // network order
    union {
        uint8_t v4[4];
        struct {
            uint32_t flow;
            uint8_t bytes[16];
            uint32_t scope;
        } v6;
    };
    uint32_t size() const { return family == kInet ? 16 : 28; }
};
static_assert(sizeof(GuestAddress) == 28);

struct GuestAddressInfo {  // struct addrinfo
    int32_t flags, family, type, protocol;
    uint32_t address_bytes, address, canonical_name, next;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_HOST_GUEST_LAYOUT_H_

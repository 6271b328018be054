// Memory: the module's shared memory, seen from the host with every access checked.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_MEMORY_H_
#define HEDDLE_WASM_WASMTIME_MEMORY_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "wasmtime_c.h"

namespace heddle::host {

// The module did what it may not do; the thread that did it traps with this text.
class GuestFault : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Other threads write to the memory at any time: a value that is used twice is copied first.
class Memory {
  public:
    // The memory belongs to the caller and outlives this.
    explicit Memory(wasmtime_sharedmemory* memory)
        : memory_(memory), base_(wasmtime_sharedmemory_data(memory)) {}

    wasmtime_sharedmemory* handle() const { return memory_; }
    uint64_t size() const { return wasmtime_sharedmemory_data_size(memory_); }

    // size bytes at address; throws GuestFault if they are not all inside. The memory only grows
    // and never moves, so the pointer stays good.
    uint8_t* bytes(uint32_t address, uint64_t size) const {
        if (address + size > this->size()) throw GuestFault("a pointer out of the memory's bounds");
        return base_ + address;
    }

    template <typename T>
    T read(uint32_t address) const {
        T value;
        memcpy(&value, bytes(address, sizeof value), sizeof value);
        return value;
    }

    template <typename T>
    void write(uint32_t address, T value) const {
        memcpy(bytes(address, sizeof value), &value, sizeof value);
    }

    // The text at address, up to its final 0, or its first 64 KiB: no name and no message is longer, and an
    // endless one would be copied into the host's memory.
    std::string text(uint32_t address) const {
        constexpr uint64_t kMostBytes = 64 * 1024;
        const uint8_t* start = bytes(address, 0);
        const uint64_t most = std::min(size() - address, kMostBytes);
        const auto* end = static_cast<const uint8_t*>(memchr(start, 0, most));
        if (end == nullptr && most < kMostBytes) throw GuestFault("a text without an end");
        const size_t length = end != nullptr ? static_cast<size_t>(end - start) : kMostBytes;
        return {reinterpret_cast<const char*>(start), length};
    }

    // Copies text with a final 0; cuts it to capacity bytes in all.
    void write_text(uint32_t address, const std::string& text, uint32_t capacity) const {
        if (capacity == 0) return;
        const size_t length = text.size() < capacity ? text.size() : capacity - 1;
        uint8_t* out = bytes(address, length + 1);
        memcpy(out, text.data(), length);
        out[length] = 0;
    }

  private:
    wasmtime_sharedmemory* memory_;
    uint8_t* base_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_MEMORY_H_

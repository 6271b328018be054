// Content hash: tells files apart and finds damage; no protection against people.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_CONTENT_HASH_H_
#define HEDDLE_WASM_WASMTIME_CONTENT_HASH_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace heddle::host {

// 32 hexadecimal digits for size bytes and a text. Some gigabytes in a second.
std::string content_hash(const uint8_t* data, size_t size, const std::string& text);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_CONTENT_HASH_H_

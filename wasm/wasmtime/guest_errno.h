// Guest errno: this machine's error numbers as WASI, and so the module, numbers them.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_GUEST_ERRNO_H_
#define HEDDLE_WASM_WASMTIME_GUEST_ERRNO_H_

#include <cstdint>
#include <string>

namespace heddle::host {

// EIO for those that have no number there.
int32_t to_guest_errno(int error);

// In words, as this machine has them.
std::string guest_errno_text(int32_t error);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_GUEST_ERRNO_H_

// Milliseconds: how times of files cross between python.wasm and its host.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_HOST_MILLISECONDS_H_
#define HEDDLE_WASM_HOST_MILLISECONDS_H_

#include <time.h>

namespace heddle {

inline double to_ms(const timespec& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// What WASMFS is to keep so that it tells the nearest nanosecond: it cuts.
inline double readable_time(double ms) { return ms + 0.5e-6; }

}  // namespace heddle

#endif  // HEDDLE_WASM_HOST_MILLISECONDS_H_

// Clock: the time that the program is told.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_CLOCK_H_
#define HEDDLE_WASM_WASMTIME_CLOCK_H_

#include <time.h>

#include "../host/milliseconds.h"

namespace heddle::host {

class Clock {
  public:
    // granted: it shows this machine's time; otherwise one that was 0 (in 1970) at the start.
    explicit Clock(bool granted)
        : granted_(granted),
          start_ms_((granted ? read_ms(CLOCK_REALTIME) : 0) - read_ms(CLOCK_MONOTONIC)) {}

    bool is_granted() const { return granted_; }
    // Milliseconds since 1970 that never go back; all threads share them.
    double steady_ms() const { return start_ms_ + read_ms(CLOCK_MONOTONIC); }
    // Milliseconds since 1970, as the machine's clock is set now.
    double wall_ms() const { return granted_ ? read_ms(CLOCK_REALTIME) : steady_ms(); }

  private:
    static double read_ms(clockid_t clock) {
        timespec now{};
        clock_gettime(clock, &now);
        return to_ms(now);
    }

    bool granted_;
    double start_ms_;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_CLOCK_H_

// Carrier pool: running a thread on a carrier that is there, or on a new one.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_CARRIER_POOL_H_
#define HEDDLE_CARRIER_POOL_H_

#include <cstddef>
#include <cstdint>

#include "threads/carrier.h"

namespace heddle {

// Runs the job on an idle carrier of that stack size, on one that is on its way, or on a new one.
// 0, or EAGAIN when none could be had; then the record is still the caller's. Blocks until a new
// carrier is up (bounded).
int run_on_carrier(const Job& job, size_t stack_bytes);

// Replaces HEDDLE_CARRIER_START_LIMIT_NS, for tests.
void set_carrier_start_limit(int64_t limit_ns);

}  // namespace heddle

#endif  // HEDDLE_CARRIER_POOL_H_

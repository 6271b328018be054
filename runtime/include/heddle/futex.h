// Futex: sleeping until a 32-bit word changes; the one place that knows how the host does it.
// SPDX-License-Identifier: MIT
//
// Overview
//   futex_wait() is memory.atomic.wait32 on WebAssembly and the futex system call on Linux.
//   The parking lot (parking_lot.h), WordLock and carriers are built on it; other code is built on
//   the parking lot.
//
// Late and spurious wake-ups
//   A wait may end for no reason, so every caller loops and re-checks what it waits for. A wake
//   for a word that nobody waits on costs a system call and does nothing.
//
// The host thread
//   A browser does not let a page's own thread block, nor may Node's event loop. There futex_wait() spins for at most
//   kHostThreadSpinNs and then returns as if spuriously woken.
#ifndef HEDDLE_FUTEX_H_
#define HEDDLE_FUTEX_H_

#include <atomic>
#include <cstdint>

#include "heddle/time.h"

namespace heddle {

inline constexpr int64_t kHostThreadSpinNs = 200 * kMicrosecond;
inline constexpr uint32_t kWakeAll = UINT32_MAX;

// Sleeps while word == expected, until a futex_wake() or the deadline. False when the deadline was
// over; true for everything else, spurious ends included. Establishes no memory order: callers read
// the word with the order they need.
bool futex_wait(std::atomic<uint32_t>& word, uint32_t expected, Deadline deadline);

// Ends up to `count` waits on the word. Never blocks; any thread.
void futex_wake(std::atomic<uint32_t>& word, uint32_t count);

}  // namespace heddle

#endif  // HEDDLE_FUTEX_H_

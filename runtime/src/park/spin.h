// Spin: looking at the park word for a moment before sleeping on it, where that has paid lately.
// SPDX-License-Identifier: MIT
//
// Why
//   To fall asleep and be woken costs two threads some 20 us; whoever hands over a lock, or the
//   interpreter, often does so sooner than that.
//
//   This is the spin before a sleep in the parking lot. Two others are shorter: Lock::acquire_slow()
//   looks at a held lock before it parks (kSpinLimit looks), and WordLock looks at a word that is
//   held for a few instructions. All three counts were found by measuring.
//
// When
//   N1  At most as many threads spin at once as there are cores but one: whoever is waited for can
//       run. With one core nobody spins.
//   N2  A thread whose last spins were in vain skips the next ones, twice as many each time, so
//       that long waits cost it next to nothing.
//   N3  A spin reads one word and changes nothing that others wait for. It ends at the deadline or
//       after kSpinNs; the caller then sleeps as if there had been none.
#ifndef HEDDLE_SPIN_H_
#define HEDDLE_SPIN_H_

#include <atomic>
#include <cstdint>

#include "heddle/time.h"
#include "heddle/wait.h"

namespace heddle {

inline constexpr int64_t kSpinNs = 50 * kMicrosecond;

// How a thread's last spins went. The thread's own.
struct SpinHistory {
    uint8_t misses = 0;  // in a row
    uint8_t skip = 0;    // so many waits do not spin
};

// Whether waits of this kind can end within microseconds: those for another thread of the program.
bool may_end_soon(WaitKind kind);

// Looks at the calling thread's park word until it is not kEmpty, if it is worth it (N1, N2, N3).
void spin_while_empty(const std::atomic<uint32_t>& park_word, Deadline deadline,
                      SpinHistory& history);

}  // namespace heddle

#endif  // HEDDLE_SPIN_H_

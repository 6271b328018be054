// Parker: sleeping on, and notifying, the one word that each thread sleeps on.
// SPDX-License-Identifier: MIT
//
// The park word is 0 (empty) or 1 (notified). A notification stays until the thread takes it, so it
// does not matter whether it comes before, between or after the steps of going to sleep.
#ifndef HEDDLE_PARKER_H_
#define HEDDLE_PARKER_H_

#include <atomic>
#include <cstdint>

#include "heddle/futex.h"

namespace heddle {

inline void notify_park_word(std::atomic<uint32_t>& park_word) {
    // release: pairs with the acquire in sleep_on_park_word(), so the news written before is seen.
    // If a notification is already there, its taker has not looked for news yet, and will see ours.
    if (park_word.exchange(1, std::memory_order_acq_rel) == 0) futex_wake(park_word, 1);
}

// Takes a notification, or sleeps until there is one or the deadline. The caller looks for news
// after each return, and before the first call, and calls again while there are none.
inline void sleep_on_park_word(std::atomic<uint32_t>& park_word, Deadline deadline) {
    // acquire: pairs with the release in notify_park_word()
    if (park_word.exchange(0, std::memory_order_acquire) == 1) return;
    (void)futex_wait(park_word, 0, deadline);
}

}  // namespace heddle

#endif  // HEDDLE_PARKER_H_

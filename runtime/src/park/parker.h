// Parker: sleeping on, and notifying, the one word that each thread sleeps on.
// SPDX-License-Identifier: MIT
//
// A notification stays in the park word until the thread takes it, so it does not matter whether it
// comes before, between or after the steps of going to sleep. Only the thread itself writes kEmpty
// and kSleeping, and kSleeping only in place of kEmpty; so a notifier that finds another value than
// kSleeping has nobody to wake.
#ifndef HEDDLE_PARKER_H_
#define HEDDLE_PARKER_H_

#include <atomic>
#include <cstdint>

#include "heddle/futex.h"

namespace heddle {

enum ParkWord : uint32_t { kEmpty = 0, kNotified = 1, kSleeping = 2 };

inline void notify_park_word(std::atomic<uint32_t>& park_word) {
    // release: pairs with the acquire in sleep_on_park_word(), so the news written before is seen.
    // If a notification is already there, its taker has not looked for news yet, and will see ours.
    if (park_word.exchange(kNotified, std::memory_order_acq_rel) == kSleeping) {
        futex_wake(park_word, 1);
    }
}

// Takes a notification, or sleeps until there is one or the deadline. The caller looks for news
// after each return, and before the first call, and calls again while there are none.
inline void sleep_on_park_word(std::atomic<uint32_t>& park_word, Deadline deadline) {
    uint32_t word = kEmpty;
    // relaxed: the exchange below orders
    if (park_word.compare_exchange_strong(word, kSleeping, std::memory_order_relaxed)) {
        (void)futex_wait(park_word, kSleeping, deadline);
    }
    // acquire: pairs with the release in notify_park_word()
    (void)park_word.exchange(kEmpty, std::memory_order_acquire);
}

}  // namespace heddle

#endif  // HEDDLE_PARKER_H_

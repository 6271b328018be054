// Interrupt: the one flag that ends the main thread's interruptible waits.
// SPDX-License-Identifier: MIT
#include "park/interrupt.h"

#include <atomic>
#include <cstdint>

#include "park/parker.h"
#include "park/sleeper.h"

namespace heddle {

namespace {
constinit std::atomic<uint32_t> g_interrupt{0};
}  // namespace

void post_interrupt() {
    // release: pairs with the acquire below; P3: the news comes before its notification
    g_interrupt.store(1, std::memory_order_release);
    notify_park_word(main_sleeper().park_word);
}

bool interrupt_is_posted() { return g_interrupt.load(std::memory_order_acquire) != 0; }

bool take_interrupt() {
    // The load keeps the usual "nothing there" from being a write.
    return interrupt_is_posted() && g_interrupt.exchange(0, std::memory_order_acquire) != 0;
}

}  // namespace heddle

extern "C" {

void heddle_main_thread_interrupt(void) { heddle::post_interrupt(); }

bool heddle_main_thread_take_interrupt(void) {
    return heddle::is_main_thread() && heddle::take_interrupt();
}

}  // extern "C"

// Carrier loss: what becomes of a carrier, and of its thread, when the host says that it is gone.
// SPDX-License-Identifier: MIT
#include "threads/carrier_loss.h"

#include "base/platform.h"
#include "heddle/futex.h"
#include "park/parking_lot_internal.h"
#include "threads/lost_tokens.h"
#include "threads/started_count.h"

namespace heddle {

bool lose_carrier(Carrier& carrier) {
    for (;;) {
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        switch (state_of(word)) {
            case CarrierState::starting:
                if (!step(carrier, word, CarrierState::failed)) break;
                futex_wake(carrier.word, kWakeAll);
                return false;
            case CarrierState::warming:
                if (!step(carrier, word, CarrierState::ending)) break;
                free_carrier(carrier);
                return false;
            case CarrierState::idle:
                if (!step(carrier, word, CarrierState::ending)) break;
                uncount_idle();
                free_carrier(carrier);
                return false;
            case CarrierState::assigned:
            case CarrierState::running: {
                if (!step(carrier, word, CarrierState::ending)) break;
                ThreadRecord* const record = carrier.job.record;
                forget_waiters_of(record->sleeper());
                finish_started_thread(*record);  // K3
                free_carrier(carrier);
                return true;
            }
            case CarrierState::reserved:
                platform::relax();
                break;  // for a few instructions only
            case CarrierState::free:
            case CarrierState::ending:
            case CarrierState::failed:
            case CarrierState::retired:
                return false;
        }
    }
}

}  // namespace heddle

extern "C" bool heddle_carrier_failed(uintptr_t token) {
    using namespace heddle;
    if (token == 0) return false;
    Carrier* carrier = find_carrier(token);
    if (carrier == nullptr) {
        // Its spawner may not know the token yet.
        if (!leave_lost_token(token)) return false;
        carrier = find_carrier(token);
        if (carrier == nullptr || !take_lost_token(token)) return false;
    }
    return lose_carrier(*carrier);
}

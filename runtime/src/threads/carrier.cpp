// Carrier: the table of carriers, and the steps from one state to the next.
// SPDX-License-Identifier: MIT
#include "threads/carrier.h"

#include "base/fatal.h"
#include "heddle/futex.h"
#include "heddle/thread.h"
#include "threads/count_below.h"

namespace heddle {

namespace {

constexpr uint32_t kIndexBits = 10;
constexpr uint32_t kMaxCarriers = 1U << kIndexBits;
// Generations must fit beside the index into a 32-bit start argument.
constexpr uint32_t kMaxGeneration = UINT32_MAX >> kIndexBits;

constinit Carrier g_carriers[kMaxCarriers];
// Carriers that are idle or have decided to be. May be one off for a moment.
constinit std::atomic<uint32_t> g_idle{0};
constinit std::atomic<uint32_t> g_max_idle{kDefaultIdleCarriers};
// One above the highest index ever used, so that searches stay short.
constinit std::atomic<uint32_t> g_searched{0};

// acquire: pairs with the release in reserve_new_carrier()
uint32_t searched() { return g_searched.load(std::memory_order_acquire); }

}  // namespace

// acquire and release: K2, and K3's bookkeeping
bool step(Carrier& carrier, uint32_t word, CarrierState to) {
    return carrier.word.compare_exchange_strong(
        word, with_state(word, to), std::memory_order_acq_rel, std::memory_order_relaxed);
}

uint32_t leave_reserved(Carrier& carrier, CarrierState to) {
    const uint32_t word = carrier.word.load(std::memory_order_relaxed);  // nobody else writes it
    HEDDLE_ASSERT(state_of(word) == CarrierState::reserved, word);       // K1
    const uint32_t left = with_state(word, to);
    carrier.word.store(left, std::memory_order_release);  // K2
    return left;
}

void free_carrier(Carrier& carrier) {
    const uint32_t word = carrier.word.load(std::memory_order_relaxed);  // nobody else writes it
    const uint32_t generation = generation_of(word);
    [[maybe_unused]] const CarrierState state = state_of(word);
    HEDDLE_ASSERT(state != CarrierState::free && state != CarrierState::idle, word);  // K1
    carrier.token.store(0, std::memory_order_relaxed);  // ordered by the store below
    carrier.word.store(
        carrier_word(generation == kMaxGeneration ? 0 : generation + 1, CarrierState::free),
        std::memory_order_release);
}

// relaxed, in all five: a count; the carrier's word orders everything else

bool count_as_idle() { return count_below(g_idle, g_max_idle); }

void uncount_idle() { g_idle.fetch_sub(1, std::memory_order_relaxed); }

uint32_t idle_carriers() { return g_idle.load(std::memory_order_relaxed); }

void set_max_idle(uint32_t count) { g_max_idle.store(count, std::memory_order_relaxed); }

uint32_t max_idle() { return g_max_idle.load(std::memory_order_relaxed); }

uintptr_t start_argument(const Carrier& carrier, uint32_t generation) {
    const auto index = static_cast<uint32_t>(&carrier - g_carriers);
    return uintptr_t{generation} << kIndexBits | index;
}

Carrier& carrier_of(uintptr_t start_argument) {
    return g_carriers[start_argument & (kMaxCarriers - 1)];
}

uint32_t generation_of_start(uintptr_t start_argument) {
    return static_cast<uint32_t>(start_argument >> kIndexBits);
}

Carrier* reserve_carrier(CarrierState from, size_t stack_bytes) {
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        Carrier& carrier = g_carriers[i];
        // acquire: the stack size read next is the one of this generation, or the swap fails
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        if (state_of(word) != from ||
            carrier.stack_bytes.load(std::memory_order_relaxed) != stack_bytes) {
            continue;
        }
        if (!step(carrier, word, CarrierState::reserved)) continue;
        if (from == CarrierState::idle) uncount_idle();
        return &carrier;
    }
    return nullptr;
}

Carrier* reserve_new_carrier(size_t stack_bytes) {
    for (uint32_t i = 0; i < kMaxCarriers; i++) {
        Carrier& carrier = g_carriers[i];
        const uint32_t word = carrier.word.load(std::memory_order_acquire);
        // acquire: a spawner's last store to this carrier is over when spawning is false (K4)
        if (state_of(word) != CarrierState::free ||
            carrier.spawning.load(std::memory_order_acquire) ||
            !step(carrier, word, CarrierState::reserved)) {
            continue;
        }
        // relaxed: ordered by the step out of reserved
        carrier.spawning.store(true, std::memory_order_relaxed);
        carrier.token.store(0, std::memory_order_relaxed);
        carrier.stack_bytes.store(stack_bytes, std::memory_order_relaxed);
        uint32_t end = g_searched.load(std::memory_order_relaxed);
        while (end < i + 1 &&
               !g_searched.compare_exchange_weak(end, i + 1, std::memory_order_release,
                                                 std::memory_order_relaxed)) {
        }
        return &carrier;
    }
    return nullptr;
}

Carrier* find_carrier(uintptr_t token) {
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        Carrier& carrier = g_carriers[i];
        // seq_cst: see lost_tokens.h. A free one may bear an old token, which is another's by now.
        if (carrier.token.load(std::memory_order_seq_cst) == token &&
            state_of(carrier.word.load(std::memory_order_seq_cst)) != CarrierState::free) {
            return &carrier;
        }
    }
    return nullptr;
}

void retire_idle_above(uint32_t count) {
    const uint32_t end = searched();
    for (uint32_t i = end; i-- > 0;) {
        if (idle_carriers() <= count) return;
        Carrier& carrier = g_carriers[i];
        const uint32_t word = carrier.word.load(std::memory_order_relaxed);  // checked by the swap
        if (state_of(word) != CarrierState::idle || !step(carrier, word, CarrierState::retired))
            continue;
        uncount_idle();
        futex_wake(carrier.word, kWakeAll);
    }
}

CarrierCounts carrier_counts() {
    CarrierCounts counts{};
    const uint32_t end = searched();
    for (uint32_t i = 0; i < end; i++) {
        // relaxed: a picture of the moment
        switch (state_of(g_carriers[i].word.load(std::memory_order_relaxed))) {
            case CarrierState::starting:
            case CarrierState::warming:
                counts.starting++;
                break;
            case CarrierState::assigned:
            case CarrierState::running:
                counts.running++;
                break;
            case CarrierState::idle:
                counts.idle++;
                break;
            default:
                break;
        }
    }
    return counts;
}

}  // namespace heddle

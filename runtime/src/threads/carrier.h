// Carrier: the operating system's thread, or web worker, that threads run on: its record, its word, its steps.
// SPDX-License-Identifier: MIT
//
// Overview
//   Making a worker takes far longer than handing a job to one that is there. So a carrier whose thread
//   ended stays idle until the next thread of the same stack size, or ends if enough carriers are idle. A carrier that
//   cannot be made must never hang its starter.
//   carrier_pool.cpp gets and warms carriers, carrier_life.cpp is what a carrier does, carrier_loss.cpp is what happens
//   when the host loses one.
//
// States (a carrier's word is generation << 4 | state, so that old news never fits)
//
//   from      to         by
//   free      reserved   a starter (or warm), which then fills in the job
//   reserved  starting   the starter, with a job, before the platform is asked to spawn
//   starting  free       the starter, when the platform refuses
//   reserved  warming    warm, without a job
//   warming   reserved   a starter that found none idle; then reserved -> starting, with a job
//   starting  running    the new carrier
//   starting  failed     the host (heddle_carrier_failed), or warm, when the platform refuses; the
//                        starter frees it
//   starting  warming    the starter, when HEDDLE_CARRIER_START_LIMIT_NS is over: if the carrier comes up later after
//                        all, it just joins the idle ones
//   warming   idle       the new carrier
//   warming   ending     the new carrier, when enough are idle; the host, when it is lost; warm,
//                        when the platform refuses
//   idle      reserved   a starter; then reserved -> assigned, with a job
//   assigned  running    the carrier
//   running   idle       the carrier, when its thread ended and few are idle
//   running   ending     the carrier, when enough are idle or the thread exits; the host, when the carrier is lost:
//                        the one that makes this step finishes the thread
//   idle      retired    warm, when fewer are wanted; the carrier ends
//   idle, assigned -> ending  the host, when the carrier is lost
//   ending, retired -> free, by the one that made the step to it (retired: the carrier); failed ->
//   free, by the starter that waited for it
//
// Invariants
//   K1  Every step is a compare-and-swap on the word. Steps out of `reserved` are plain stores, because only the one
//       that reserved the carrier touches it.
//   K2  The job is written by the one that reserved the carrier, before the release store of starting or assigned, and
//       read by the carrier after the acquire swap to running.
//   K3  A thread is finished once, by the one that moved its carrier out of running (or assigned).
//   K4  `spawning` is true from the reservation until the spawner has stored the token. A free carrier with spawning
//       set is not reserved. So a late spawner never names a stranger.
#ifndef HEDDLE_CARRIER_H_
#define HEDDLE_CARRIER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "threads/thread_table.h"

namespace heddle {

// What a carrier is to run.
struct Job {
    void (*entry)(void*);
    void* arg;
    ThreadRecord* record;
};

enum class CarrierState : uint32_t {
    free,
    reserved,
    starting,
    warming,
    idle,
    assigned,
    running,
    ending,
    failed,
    retired,
};

struct alignas(64) Carrier {
    std::atomic<uint32_t> word{0};       // generation and state (K1); also the futex
    std::atomic<bool> spawning{false};   // K4
    std::atomic<uintptr_t> token{0};     // what the host knows it by (platform.h); 0 until known
    std::atomic<size_t> stack_bytes{0};  // set while reserved, read by searchers
    Job job{};                           // K2
};

// ---- The word -----------------------------------------------------------------------------------

constexpr uint32_t kCarrierStateBits = 4;

constexpr CarrierState state_of(uint32_t word) {
    return static_cast<CarrierState>(word & ((1U << kCarrierStateBits) - 1));
}
constexpr uint32_t generation_of(uint32_t word) { return word >> kCarrierStateBits; }
constexpr uint32_t carrier_word(uint32_t generation, CarrierState state) {
    return generation << kCarrierStateBits | static_cast<uint32_t>(state);
}
constexpr uint32_t with_state(uint32_t word, CarrierState state) {
    return carrier_word(generation_of(word), state);
}

// ---- Steps ----------------------------------------------------------------------------------------

// The step from `word` to another state; false if the word has changed (K1).
bool step(Carrier& carrier, uint32_t word, CarrierState to);
// Leaves `reserved`, which only the one that reserved the carrier may do. Gives the new word.
uint32_t leave_reserved(Carrier& carrier, CarrierState to);
// Frees a carrier that only the caller may touch; its generation is over.
void free_carrier(Carrier& carrier);

// Counts one more idle carrier; false if enough are idle. Before the step to idle, so that the count may be one too
// high for a moment, never too low.
bool count_as_idle();
void uncount_idle();
uint32_t idle_carriers();
// How many may be idle.
void set_max_idle(uint32_t count);
uint32_t max_idle();

// ---- The table ------------------------------------------------------------------------------------

// A new carrier's start argument tells it which one it is, and in which generation.
uintptr_t start_argument(const Carrier& carrier, uint32_t generation);
Carrier& carrier_of(uintptr_t start_argument);
uint32_t generation_of_start(uintptr_t start_argument);

// A carrier that was free, reserved for a new spawn (`spawning` is set, K4); null when all are in use.
Carrier* reserve_new_carrier(size_t stack_bytes);
// A carrier without a job that is in the state `from` (idle or warming), reserved; null if there is none.
Carrier* reserve_carrier(CarrierState from, size_t stack_bytes);
// The carrier that the host knows by this token; null if there is none, or only a free one.
Carrier* find_carrier(uintptr_t token);

// Ends idle carriers until no more than `count` are left.
void retire_idle_above(uint32_t count);

}  // namespace heddle

#endif  // HEDDLE_CARRIER_H_

// Carrier pool: the operating system's threads or workers that threads run on, kept for reuse.
// SPDX-License-Identifier: MIT
//
// Overview
//   Making a worker takes a hundred times longer than handing a job to one that is there, so a
//   carrier whose thread ended stays idle until the next thread of the same stack size, or ends
//   if enough carriers are idle. A carrier that cannot be made must never hang its starter.
//
// States of a carrier (its word is generation << 4 | state, so that old news never fits)
//
//   from      to         by
//   free      reserved   a starter (or warm), which then fills in the job
//   reserved  starting   the starter, with a job, before the platform is asked to spawn
//   reserved  warming    warm, without a job
//   warming   reserved   a starter that found none idle; then reserved -> starting, with a job
//   starting  running    the new carrier
//   starting  failed     the host (heddle_carrier_failed); the starter frees it
//   starting  warming    the starter, when HEDDLE_CARRIER_START_LIMIT_NS is over: if the carrier
//   comes
//                        up later after all, it just joins the idle ones
//   warming   idle/free  the new carrier / the host
//   idle      reserved   a starter; then reserved -> assigned, with a job
//   assigned  running    the carrier
//   running   idle       the carrier, when its thread ended and few are idle
//   running   ending     the carrier, when enough are idle or the thread exits; the host, when the
//                        carrier is lost: whoever makes this step finishes the thread
//   idle      retired    warm, when fewer are wanted; the carrier ends
//   ending, failed, retired -> free, by whoever made the step to it (retired: the carrier)
//
// Invariants
//   K1  Every step is a compare-and-swap on the word; steps out of `reserved` are plain stores,
//       because whoever reserved the carrier is the only one to touch it.
//   K2  The job is written by whoever reserved the carrier, before the release store of starting or
//       assigned, and read by the carrier after the acquire swap to running.
//   K3  A thread is finished once, by whoever moved its carrier out of running (or assigned).
//   K4  `spawning` is true from the reservation until the spawner has stored the token; a free
//   carrier
//       with spawning set is not reserved. So a late spawner never names a stranger.
#ifndef HEDDLE_CARRIER_POOL_H_
#define HEDDLE_CARRIER_POOL_H_

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

// Runs the job on an idle carrier of that stack size, or on a new one. 0, or EAGAIN when none could
// be had; then the record is still the caller's. Blocks until a new carrier is up (bounded).
int run_on_carrier(const Job& job, size_t stack_bytes);

// Ends the calling thread, if it runs on a carrier, and its carrier; otherwise returns.
void exit_from_carrier();

// Replaces HEDDLE_CARRIER_START_LIMIT_NS, for tests.
void set_carrier_start_limit(int64_t limit_ns);

}  // namespace heddle

#endif  // HEDDLE_CARRIER_POOL_H_

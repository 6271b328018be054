// Parking lot internals: what the snapshot and the end of a lost carrier need of the queues.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_PARKING_LOT_INTERNAL_H_
#define HEDDLE_PARKING_LOT_INTERNAL_H_

#include <cstdint>

#include "heddle/time.h"
#include "threads/thread_table.h"

namespace heddle {

// Who holds the lock at `address` that the thread of `record` waits for: read while that thread is
// in the queue, under the bucket's lock, so the lock cannot have gone away. 0 if it is not queued
// there, waits for something without an owner, or the bucket cannot be had before the deadline.
uint32_t read_lock_owner(const void* address, const ThreadRecord* record, Deadline deadline);

// Takes all waiters of a thread that will never run again out of their queues. Its stack, where
// they live, must still be there.
void forget_waiters_of(ThreadRecord* record);

}  // namespace heddle

#endif  // HEDDLE_PARKING_LOT_INTERNAL_H_

// Parking lot internals: what inspect/ and threads/ need of the queues.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_PARKING_LOT_INTERNAL_H_
#define HEDDLE_PARKING_LOT_INTERNAL_H_

#include "heddle/function_ref.h"
#include "heddle/time.h"
#include "heddle/wait.h"
#include "park/sleeper.h"

namespace heddle {

// Calls look(kind) if the sleeper waits at `address`, under the bucket's lock: what it waits for cannot go away
// meanwhile. look() may read atomics and must not park, unpark or take locks (P4). Does nothing if the sleeper is not
// queued there, or if the bucket cannot be had before the deadline.
void with_waiter(const void* address, const Sleeper& sleeper, Deadline deadline,
                 FunctionRef<void(WaitKind)> look);

// Takes all waiters of a thread that will never run again out of their queues. Its stack, where they live, must still
// be there.
void forget_waiters_of(Sleeper& sleeper);

}  // namespace heddle

#endif  // HEDDLE_PARKING_LOT_INTERNAL_H_

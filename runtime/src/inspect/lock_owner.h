// Lock owner: which thread holds the lock that another one waits for.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_LOCK_OWNER_H_
#define HEDDLE_LOCK_OWNER_H_

#include "heddle/heddle.h"
#include "heddle/time.h"
#include "park/sleeper.h"

namespace heddle {

// The ident of the thread that holds the lock at `address`, on which the sleeper waits. It is read while the waiter is
// in the queue, so the lock cannot have gone away. 0 if the sleeper does not wait there, if it waits for something
// without an owner, or if the queue cannot be had before the deadline. Any thread.
heddle_ident_t read_lock_owner(const void* address, const Sleeper& sleeper, Deadline deadline);

}  // namespace heddle

#endif  // HEDDLE_LOCK_OWNER_H_

// Started count: how many threads heddle_thread_start() has alive, and their limit.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_STARTED_COUNT_H_
#define HEDDLE_STARTED_COUNT_H_

#include "threads/thread_table.h"

namespace heddle {

// Counts one more; false if that would pass the limit.
bool count_started_thread();
void uncount_started_thread();
// The end of a thread that ran on a carrier: uncounts it, unless it is a helper, and finishes it.
void finish_started_thread(ThreadRecord& record);

}  // namespace heddle

#endif  // HEDDLE_STARTED_COUNT_H_

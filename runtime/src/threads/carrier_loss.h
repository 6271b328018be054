// Carrier loss: a carrier that will never run again.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_CARRIER_LOSS_H_
#define HEDDLE_CARRIER_LOSS_H_

#include "threads/carrier.h"

namespace heddle {

// The carrier will never run again: its starter is told, or the thread that ran on it counts as ended. True if a thread
// was running on it. Never blocks for long; any thread.
bool lose_carrier(Carrier& carrier);

}  // namespace heddle

#endif  // HEDDLE_CARRIER_LOSS_H_

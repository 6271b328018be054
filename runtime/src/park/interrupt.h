// Interrupt: the one flag that ends the main thread's interruptible waits.
// SPDX-License-Identifier: MIT
//
// Posting is a store, a store and a wake, without a lock (parking_lot.h, P3): any thread, the host
// thread and a signal handler may do it.
#ifndef HEDDLE_INTERRUPT_H_
#define HEDDLE_INTERRUPT_H_

namespace heddle {

// Raises the flag and wakes the main thread.
void post_interrupt();
// Whether the flag is up. acquire: what was done before post_interrupt() is visible then.
bool interrupt_is_posted();
// Takes the flag down; true if it was up. Main thread only.
bool take_interrupt();

}  // namespace heddle

#endif  // HEDDLE_INTERRUPT_H_

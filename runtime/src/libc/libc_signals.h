// libc signals: what libc's parts on the core share.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_LIBC_SIGNALS_H_
#define HEDDLE_LIBC_SIGNALS_H_

namespace heddle {

// Does with a signal to the process what libc promises: pending if blocked, the default action
// (ignoring it, or ending the program with 128 + signum), or the handler, called at once.
void deliver_signal(int signum);

}  // namespace heddle

#endif  // HEDDLE_LIBC_SIGNALS_H_

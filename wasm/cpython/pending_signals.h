// Pending signals: tells the core whether Python handlers of signals are still to run.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_PENDING_SIGNALS_H_
#define HEDDLE_WASM_CPYTHON_PENDING_SIGNALS_H_

namespace heddle {

// Lets signal.pause() wait on when the handler of an earlier signal has run already, between two
// bytecodes, and only the core's interrupt flag is left of it.
void install_pending_check();

}  // namespace heddle

#endif  // HEDDLE_WASM_CPYTHON_PENDING_SIGNALS_H_

// Due handlers: tells the core whether Python handlers of signals are still to run.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_DUE_HANDLERS_H_
#define HEDDLE_WASM_CPYTHON_DUE_HANDLERS_H_

namespace heddle {

// Lets signal.pause() wait on when the handler of an earlier signal has run already, between two
// bytecodes, and only the core's interrupt flag is left of it.
void install_due_check();

}  // namespace heddle

#endif  // HEDDLE_WASM_CPYTHON_DUE_HANDLERS_H_

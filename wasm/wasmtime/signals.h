// Signals: this process's, passed on to Python.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_SIGNALS_H_
#define HEDDLE_WASM_WASMTIME_SIGNALS_H_

namespace heddle::host {

class Program;

// Keeps the signals that are passed on from ending this process. Before any thread is started:
// threads inherit it.
void hold_signals(bool launched);

// Passes signals on for ever. One that Python leaves to its default action ends this process with
// exit code 128 + signal; so do three SIGINTs within two seconds, whatever Python does about them.
// launched: the heddle command started this process and gets the terminal's signals too, so it
// passes on all signals, as real-time signals, and only those count.
[[noreturn]] void forward_signals(Program& program, bool launched);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_SIGNALS_H_

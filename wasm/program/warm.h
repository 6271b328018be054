// Warm carriers: how many the host wishes for, and when they are made.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_PROGRAM_WARM_H_
#define HEDDLE_WASM_PROGRAM_WARM_H_

namespace heddle {

// Begins to make as many idle carriers as the host asked for with heddle_carriers_set_warm().
// Nothing happens if it asked for none. The Python main thread calls it.
void make_warm_carriers();

}  // namespace heddle

#endif  // HEDDLE_WASM_PROGRAM_WARM_H_

// Thread-specific storage: values that each thread has for itself, by key.
// SPDX-License-Identifier: MIT
//
// A key is generation << 7 | index. A thread's value counts only if it was set under the key's
// generation, so deleting a key forgets all its values without a look at other threads.
#ifndef HEDDLE_TSS_H_
#define HEDDLE_TSS_H_

namespace heddle {

// Forgets all values of the calling thread, at its end.
void clear_tss_values();

}  // namespace heddle

#endif  // HEDDLE_TSS_H_

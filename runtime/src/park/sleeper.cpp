// Sleeper: the table, and which of them is the calling thread's.
// SPDX-License-Identifier: MIT
#include "park/sleeper.h"

#include "base/fatal.h"

namespace heddle {

namespace internal {
constinit Sleeper g_sleepers[kMaxSleepers];
constinit thread_local Sleeper* t_sleeper = nullptr;
constinit thread_local uint32_t t_ident = 0;
}  // namespace internal

void set_this_sleeper(Sleeper* sleeper) {
    HEDDLE_ASSERT(sleeper == nullptr || sleeper->ident.load(std::memory_order_relaxed) != 0,
                  index_of(*sleeper));  // Z1
    internal::t_sleeper = sleeper;
    // relaxed: the thread's own ident
    internal::t_ident = sleeper == nullptr ? 0 : sleeper->ident.load(std::memory_order_relaxed);
}

}  // namespace heddle

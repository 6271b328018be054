// Start: starting threads inside the core, helpers too.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_START_H_
#define HEDDLE_START_H_

#include "threads/thread_table.h"

namespace heddle {

// As heddle_thread_start(), with a role. A helper is not counted, not limited and not shown.
int start_with_role(ThreadRole role, void (*entry)(void*), void* arg,
                    const heddle_thread_options_t& options, heddle_ident_t* ident_out);

}  // namespace heddle

#endif  // HEDDLE_START_H_

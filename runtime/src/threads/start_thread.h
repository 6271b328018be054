// Starting threads inside the core: like heddle_thread_start(), for helpers too.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_START_THREAD_H_
#define HEDDLE_START_THREAD_H_

#include "threads/thread_table.h"

namespace heddle {

// As heddle_thread_start(). A helper is not counted, not limited and not shown.
int start_thread(void (*entry)(void*), void* arg, const heddle_thread_options_t& options,
                 ThreadRole role, heddle_ident_t* ident_out);

}  // namespace heddle

#endif  // HEDDLE_START_THREAD_H_

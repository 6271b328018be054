// Pending signals: tells the core whether Python handlers of signals are still to run.
// SPDX-License-Identifier: MIT
#include "pending_signals.h"

#include "cpython_internals.h"
#include "heddle/signals.h"

namespace heddle {

void install_pending_check() {
    set_pending_check([] { return _Py_atomic_load_int(&_PyRuntime.signals.is_tripped) != 0; });
}

}  // namespace heddle

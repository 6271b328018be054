// Due handlers: tells the core whether Python handlers of signals are still to run.
// SPDX-License-Identifier: MIT
#include "cpython/due_handlers.h"

#include "cpython/cpython_internals.h"
#include "heddle/signals.h"

namespace heddle {

void install_due_check() {
    set_due_check([] { return _Py_atomic_load_int(&_PyRuntime.signals.is_tripped) != 0; });
}

}  // namespace heddle

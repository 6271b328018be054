// Waits without the GIL: waiting for the core, running Python's signal handlers meanwhile.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_WAIT_WITHOUT_GIL_H_
#define HEDDLE_WASM_CPYTHON_WAIT_WITHOUT_GIL_H_

#include "cpython/cpython_internals.h"
#include "heddle/time.h"
#include "heddle/wait.h"

namespace heddle {

// Calls wait(deadline, Interruptible::yes) with the thread state detached (the GIL released) until
// it ends by something else than a signal. After a signal the Python handlers run, and the wait
// goes on with the time that is left (PEP 475).
//
// PY_LOCK_ACQUIRED: what was waited for happened. PY_LOCK_FAILURE: the deadline came first.
// PY_LOCK_INTR: a handler raised, and its exception is set.
//
// Call it attached. Re-attaching ends the thread when the interpreter is finalizing (daemon
// threads), and then nothing of the caller's frames is destroyed.
template <typename Wait>
PyLockStatus wait_without_gil(Deadline deadline, Wait&& wait) {
    for (;;) {
        WaitResult result;
        Py_BEGIN_ALLOW_THREADS
        result = wait(deadline, Interruptible::yes);
        Py_END_ALLOW_THREADS
        if (result == WaitResult::acquired) return PY_LOCK_ACQUIRED;
        if (result == WaitResult::timed_out) return PY_LOCK_FAILURE;
        // Runs the Python handlers of signals; SIGINT's raises KeyboardInterrupt.
        if (Py_MakePendingCalls() < 0) return PY_LOCK_INTR;
        // A deadline that is over by now makes the next wait a mere try.
    }
}

// Finishes acquire() of a lock that was not free at the first try: True, False, or null with an
// exception set. timeout_ns: 0 does not wait; negative waits forever.
template <typename Wait>
PyObject* acquire_without_gil(int64_t timeout_ns, Wait&& wait) {
    if (timeout_ns == 0) Py_RETURN_FALSE;
    const PyLockStatus status = wait_without_gil(deadline_after(timeout_ns), wait);
    if (status == PY_LOCK_INTR) return nullptr;
    return PyBool_FromLong(status == PY_LOCK_ACQUIRED);
}

}  // namespace heddle

#endif  // HEDDLE_WASM_CPYTHON_WAIT_WITHOUT_GIL_H_

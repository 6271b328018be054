// CPython's parking lot and semaphore, on the core's parking lot.
// SPDX-License-Identifier: MIT
//
// Overview
//   Replaces Python/parking_lot.o. CPython's PyMutex, PyEvent, once-flags and critical sections
//   park here; its raw mutex waits on a semaphore. What each function promises is said in CPython's
//   pycore_parking_lot.h and pycore_semaphore.h.
//
// Detaching
//   A wait with `detach` gives up the thread state (and the GIL) only once the thread is queued and
//   about to sleep, so a wait that ends at once never touches the GIL. It re-attaches after it left
//   the queue: re-attaching may end the thread (finalization), and must not leave a waiter behind.
//
// Interrupts
//   A detached wait of the main thread ends with Py_PARK_INTR when a signal comes; CPython's
//   callers then run the handlers or wait again. A wait that stays attached is never interrupted:
//   nobody could run a handler, and CPython's raw mutex takes any end of its wait for its wake-up.
#include "cpython/cpython_internals.h"

#include <new>

#include "heddle/parking_lot.h"
#include "heddle/wait.h"

namespace {

using heddle::FunctionRef;
using heddle::ParkingLot;
using heddle::ParkOutcome;
using heddle::ParkRequest;
using heddle::ParkResult;
using heddle::UnparkInfo;

// The calling thread's state if it is attached, else null.
PyThreadState* attached_thread_state() {
    PyThreadState* tstate = _PyThreadState_GET();
    if (tstate == nullptr) return nullptr;
    // relaxed: only this thread attaches and detaches its own state
    const int state = _Py_atomic_load_int_relaxed(&tstate->state);
    return state == _Py_THREAD_ATTACHED ? tstate : nullptr;
}

ParkResult park(const void* address, PyTime_t timeout_ns, void* park_arg, int detach,
                FunctionRef<bool()> validate) {
    PyThreadState* tstate = detach ? attached_thread_state() : nullptr;
    bool detached = false;
    const ParkRequest request = {
        .address = address,
        .kind = heddle::WaitKind::interpreter,
        .deadline = heddle::deadline_after(timeout_ns),
        .interruptible = detach ? heddle::Interruptible::yes : heddle::Interruptible::no,
        .park_arg = park_arg,
    };
    const ParkOutcome outcome = ParkingLot::park(request, validate, [&] {
        if (tstate == nullptr) return;
        PyEval_ReleaseThread(tstate);
        detached = true;
    });
    if (detached) PyEval_AcquireThread(tstate);
    return outcome.result;
}

// How CPython calls the end of a park. if_invalid: its word for one that did not sleep.
int to_cpython(ParkResult result, int if_invalid) {
    switch (result) {
        case ParkResult::unparked:
            return Py_PARK_OK;
        case ParkResult::invalid:
            return if_invalid;
        case ParkResult::timed_out:
            return Py_PARK_TIMEOUT;
        case ParkResult::interrupted:
            return Py_PARK_INTR;
    }
    Py_UNREACHABLE();
}

// Whether the `size` bytes at both places are the same; the first ones are read at once.
bool same_value(const void* address, const void* expected, size_t size) {
    switch (size) {
        case 1:
            return _Py_atomic_load_uint8(static_cast<const uint8_t*>(address)) ==
                   *static_cast<const uint8_t*>(expected);
        case 2:
            return _Py_atomic_load_uint16(static_cast<const uint16_t*>(address)) ==
                   *static_cast<const uint16_t*>(expected);
        case 4:
            return _Py_atomic_load_uint32(static_cast<const uint32_t*>(address)) ==
                   *static_cast<const uint32_t*>(expected);
        case 8:
            return _Py_atomic_load_uint64(static_cast<const uint64_t*>(address)) ==
                   *static_cast<const uint64_t*>(expected);
    }
    Py_UNREACHABLE();
}

// What lives in the bytes of a _PySemaphore.
//
// heddle::Semaphore would not do: a waiter may destroy the semaphore, which is on its stack, as
// soon as its wait has ended. So the count is touched only under the bucket's lock (inside validate
// and the unpark callback), and a wake-up's last access comes before its waiter can go on.
struct Semaphore {
    uint32_t count;  // wake-ups that nobody has waited for yet; under the bucket's lock
};
static_assert(sizeof(Semaphore) <= sizeof(_PySemaphore));
static_assert(alignof(Semaphore) <= alignof(_PySemaphore));

Semaphore& as_semaphore(_PySemaphore* storage) { return *reinterpret_cast<Semaphore*>(storage); }

}  // namespace

extern "C" {

// ---- Parking ---------------------------------------------------------------------------------

int _PyParkingLot_Park(const void* address, const void* expected, size_t address_size,
                       PyTime_t timeout_ns, void* park_arg, int detach) {
    const auto validate = [=] { return same_value(address, expected, address_size); };
    return to_cpython(park(address, timeout_ns, park_arg, detach, validate), Py_PARK_AGAIN);
}

void _PyParkingLot_Unpark(const void* address, _Py_unpark_fn_t* fn, void* arg) {
    ParkingLot::unpark_one(address, [=](const UnparkInfo& info) -> uintptr_t {
        fn(arg, info.park_arg, info.has_more);
        return 0;
    });
}

void _PyParkingLot_UnparkAll(const void* address) { ParkingLot::unpark_all(address); }

// There is no fork() in WebAssembly, so there is never a child with a stale parking lot.
void _PyParkingLot_AfterFork(void) {}

// ---- Semaphores ------------------------------------------------------------------------------

void _PySemaphore_Init(_PySemaphore* storage) { new (storage) Semaphore{0}; }

void _PySemaphore_Destroy(_PySemaphore*) {}

int _PySemaphore_Wait(_PySemaphore* storage, PyTime_t timeout_ns, int detach) {
    Semaphore& semaphore = as_semaphore(storage);
    const auto none_to_take = [&semaphore] {
        if (semaphore.count == 0) return true;
        --semaphore.count;
        return false;
    };
    // Invalid: the wake-up was there already.
    return to_cpython(park(storage, timeout_ns, /*park_arg=*/nullptr, detach, none_to_take),
                      Py_PARK_OK);
}

void _PySemaphore_Wakeup(_PySemaphore* storage) {
    Semaphore& semaphore = as_semaphore(storage);
    ParkingLot::unpark_one(storage, [&semaphore](const UnparkInfo& info) -> uintptr_t {
        if (!info.did_unpark) ++semaphore.count;
        return 0;
    });
}

}  // extern "C"

// PyThread_*: CPython's portable thread, lock and storage functions on Heddle's core.
// SPDX-License-Identifier: MIT
//
// Replaces Python/thread.o, symbol for symbol. What each function promises is said in CPython's
// Include/pythread.h and Include/internal/pycore_pythread.h.
#include "cpython/cpython_internals.h"

#include <cassert>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <new>

#include "cpython/c_recursion.h"
#include "cpython/wait_without_gil.h"
#include "heddle/heddle.h"
#include "heddle/lock.h"
#include "heddle/thread.h"

namespace {

constexpr int64_t kNsPerUs = 1000;
constexpr long long kTimeoutMaxUs = LLONG_MAX / kNsPerUs;

heddle::Lock& as_lock(PyThread_type_lock lock) { return *static_cast<heddle::Lock*>(lock); }

// Microseconds as CPython passes them: negative waits forever, too many as well.
heddle::Deadline deadline_after_us(PY_TIMEOUT_T us) {
    if (us < 0 || us > kTimeoutMaxUs) return heddle::kNever;
    return heddle::deadline_after(us * kNsPerUs);
}

// Bytes of stack for new threads of the current interpreter; 0: the core's default.
size_t stack_bytes_of_interpreter() {
    const PyThreadState* tstate = _PyThreadState_GET();
    return tstate != nullptr ? heddle_python_stack_bytes(tstate->interp->threads.stacksize) : 0;
}

// Starts a thread that runs a C function.
int start_c_thread(void (*func)(void*), void* arg, bool joinable, heddle_ident_t* ident) {
    const heddle_thread_options_t options = {
        .name = nullptr,
        .stack_bytes = stack_bytes_of_interpreter(),
        .joinable = joinable,
        .daemon = true,  // the interpreter does not wait for it
    };
    return heddle_thread_start(func, arg, &options, ident);
}

}  // namespace

extern "C" {

// ---- Threads -------------------------------------------------------------------------------

void PyThread_init_thread(void) { _PyRuntime.threads.initialized = 1; }

unsigned long PyThread_start_new_thread(void (*func)(void*), void* arg) {
    heddle_ident_t ident;
    const int error = start_c_thread(func, arg, /*joinable=*/false, &ident);
    return error == 0 ? ident : PYTHREAD_INVALID_THREAD_ID;
}

int PyThread_start_joinable_thread(void (*func)(void*), void* arg, PyThread_ident_t* ident_out,
                                   PyThread_handle_t* handle_out) {
    heddle_ident_t ident;
    if (start_c_thread(func, arg, /*joinable=*/true, &ident) != 0) return -1;
    *ident_out = ident;
    *handle_out = ident;  // the core joins and detaches by ident
    return 0;
}

int PyThread_join_thread(PyThread_handle_t handle) {
    return heddle_thread_join(static_cast<heddle_ident_t>(handle), HEDDLE_FOREVER,
                              /*interruptible=*/false);
}

int PyThread_detach_thread(PyThread_handle_t handle) {
    return heddle_thread_detach(static_cast<heddle_ident_t>(handle));
}

void PyThread_exit_thread(void) {
    // Before the first PyThread_init_thread() there is only the process to end.
    if (!_PyRuntime.threads.initialized) std::exit(0);
    heddle_thread_exit();
}

PyThread_ident_t PyThread_get_thread_ident_ex(void) { return heddle::this_thread_ident(); }

unsigned long PyThread_get_thread_ident(void) { return heddle::this_thread_ident(); }

unsigned long PyThread_get_thread_native_id(void) { return heddle_thread_native_id(); }

// ---- Stack size ------------------------------------------------------------------------------

size_t PyThread_get_stacksize(void) { return _PyInterpreterState_GET()->threads.stacksize; }

int PyThread_set_stacksize(size_t bytes) {
    if (bytes != 0 && bytes < HEDDLE_STACK_MIN) return -1;
    _PyInterpreterState_GET()->threads.stacksize = bytes;
    return 0;
}

// ---- Locks -----------------------------------------------------------------------------------

const long long PY_TIMEOUT_MAX = kTimeoutMaxUs;

PyThread_type_lock PyThread_allocate_lock(void) {
    void* memory = PyMem_RawMalloc(sizeof(heddle::Lock));
    if (memory == nullptr) return nullptr;
    return new (memory) heddle::Lock;
}

void PyThread_free_lock(PyThread_type_lock lock) { PyMem_RawFree(lock); }

PyLockStatus PyThread_acquire_lock_timed(PyThread_type_lock lock, PY_TIMEOUT_T microseconds,
                                         int intr_flag) {
    if (microseconds == 0) return as_lock(lock).try_lock() ? PY_LOCK_ACQUIRED : PY_LOCK_FAILURE;
    const auto interruptible =
        intr_flag != 0 ? heddle::Interruptible::yes : heddle::Interruptible::no;
    switch (as_lock(lock).acquire(deadline_after_us(microseconds), interruptible)) {
        case heddle::WaitResult::acquired:
            return PY_LOCK_ACQUIRED;
        case heddle::WaitResult::interrupted:
            return PY_LOCK_INTR;
        case heddle::WaitResult::timed_out:
            break;
    }
    return PY_LOCK_FAILURE;
}

int PyThread_acquire_lock(PyThread_type_lock lock, int waitflag) {
    return PyThread_acquire_lock_timed(lock, waitflag != 0 ? -1 : 0, /*intr_flag=*/0);
}

void PyThread_release_lock(PyThread_type_lock lock) { as_lock(lock).unlock(); }

// The timeout is in nanoseconds here (negative: forever), whatever the declaration calls it.
PyLockStatus PyThread_acquire_lock_timed_with_retries(PyThread_type_lock lock,
                                                      PY_TIMEOUT_T timeout_ns) {
    heddle::Lock& self = as_lock(lock);
    if (self.try_lock()) return PY_LOCK_ACQUIRED;
    if (timeout_ns == 0) return PY_LOCK_FAILURE;
    return heddle::wait_without_gil(
        heddle::deadline_after(timeout_ns),
        [&self](heddle::Deadline deadline, heddle::Interruptible interruptible) {
            return self.acquire(deadline, interruptible);
        });
}

int PyThread_ParseTimeoutArg(PyObject* arg, int blocking, PY_TIMEOUT_T* timeout_out) {
    if (arg == nullptr || arg == Py_None) {
        *timeout_out = blocking ? PyThread_UNSET_TIMEOUT : 0;
        return 0;
    }
    if (!blocking) {
        PyErr_SetString(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
        return -1;
    }
    PyTime_t timeout_ns;
    if (_PyTime_FromSecondsObject(&timeout_ns, arg, _PyTime_ROUND_TIMEOUT) < 0) return -1;
    if (timeout_ns < 0) {
        PyErr_SetString(PyExc_ValueError, "timeout value must be a non-negative number");
        return -1;
    }
    if (_PyTime_AsMicroseconds(timeout_ns, _PyTime_ROUND_TIMEOUT) > PY_TIMEOUT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
        return -1;
    }
    *timeout_out = timeout_ns;
    return 0;
}

// ---- After a fork ------------------------------------------------------------------------------
//
// There is no fork() in WebAssembly: it always fails, so none of this ever runs in a child.

int _PyThread_at_fork_reinit(PyThread_type_lock* lock) {
    // The old lock's memory stays, as a thread of the parent might have been inside it.
    PyThread_type_lock fresh = PyThread_allocate_lock();
    if (fresh == nullptr) return -1;
    *lock = fresh;
    return 0;
}

void PyThread_ReInitTLS(void) {}

// ---- Thread-specific storage: today's API -------------------------------------------------------

Py_tss_t* PyThread_tss_alloc(void) {
    auto* key = static_cast<Py_tss_t*>(PyMem_RawMalloc(sizeof(Py_tss_t)));
    if (key != nullptr) *key = Py_tss_t{};  // not created yet
    return key;
}

void PyThread_tss_free(Py_tss_t* key) {
    if (key == nullptr) return;
    PyThread_tss_delete(key);
    PyMem_RawFree(key);
}

int PyThread_tss_is_created(Py_tss_t* key) { return key->_is_initialized; }

int PyThread_tss_create(Py_tss_t* key) {
    if (key->_is_initialized) return 0;
    uint32_t core_key;
    if (heddle_tss_create(&core_key) != 0) return -1;
    key->_key = core_key;
    key->_is_initialized = 1;
    return 0;
}

void PyThread_tss_delete(Py_tss_t* key) {
    if (!key->_is_initialized) return;
    heddle_tss_delete(key->_key);
    key->_is_initialized = 0;
}

int PyThread_tss_set(Py_tss_t* key, void* value) {
    return heddle_tss_set(key->_key, value) == 0 ? 0 : -1;
}

void* PyThread_tss_get(Py_tss_t* key) { return heddle_tss_get(key->_key); }

// ---- Thread-specific storage: the API from before Python 3.7 -----------------------------------

int PyThread_create_key(void) {
    uint32_t key;
    return heddle_tss_create(&key) == 0 ? static_cast<int>(key) : -1;
}

void PyThread_delete_key(int key) { heddle_tss_delete(static_cast<uint32_t>(key)); }

int PyThread_set_key_value(int key, void* value) {
    return heddle_tss_set(static_cast<uint32_t>(key), value) == 0 ? 0 : -1;
}

void* PyThread_get_key_value(int key) { return heddle_tss_get(static_cast<uint32_t>(key)); }

void PyThread_delete_key_value(int key) {
    (void)heddle_tss_set(static_cast<uint32_t>(key), nullptr);
}

// ---- Conditions of libc ------------------------------------------------------------------------
//
// For code that includes CPython's condvar.h as it is. The GIL does not: see gil_condvar.h.

int _PyThread_cond_init(PyCOND_T* cond) { return pthread_cond_init(cond, nullptr); }

void _PyThread_cond_after(long long us, struct timespec* abs) {
    PyTime_t now = 0;
    (void)PyTime_TimeRaw(&now);  // a condition's default clock is the wall clock
    _PyTime_AsTimespec_clamp(_PyTime_Add(now, _PyTime_FromMicrosecondsClamp(us)), abs);
}

}  // extern "C"

// ---- sys.thread_info ---------------------------------------------------------------------------

namespace {

PyTypeObject thread_info_type;

PyStructSequence_Field thread_info_fields[] = {
    {"name", "the kind of threads"},
    {"lock", "what locks are made of"},
    {"version", "the library that implements them"},
    {nullptr, nullptr},
};

PyStructSequence_Desc thread_info_desc = {
    "sys.thread_info",
    "sys.thread_info\n\nHow this Python implements threads, as a named tuple.",
    thread_info_fields,
    3,
};

// The values that the documentation of sys.thread_info allows and that come closest: Heddle's
// threads behave as POSIX ones, and its locks can be interrupted, as POSIX's semaphores can (and
// its mutexes cannot).
constexpr const char* kThreadInfo[] = {"pthread", "semaphore", "heddle"};

}  // namespace

extern "C" {

PyObject* PyThread_GetInfo(void) {
    PyInterpreterState* interp = _PyInterpreterState_GET();
    if (_PyStructSequence_InitBuiltin(interp, &thread_info_type, &thread_info_desc) < 0) {
        return nullptr;
    }
    PyObject* info = PyStructSequence_New(&thread_info_type);
    if (info == nullptr) return nullptr;
    Py_ssize_t index = 0;
    for (const char* text : kThreadInfo) {
        PyObject* value = PyUnicode_FromString(text);
        if (value == nullptr) {
            Py_DECREF(info);
            return nullptr;
        }
        PyStructSequence_SetItem(info, index++, value);
    }
    return info;
}

void _PyThread_FiniType(PyInterpreterState* interp) {
    _PyStructSequence_FiniBuiltin(interp, &thread_info_type);
}

}  // extern "C"

// _thread.lock: a lock that any thread may release.
// SPDX-License-Identifier: MIT
//
// Acquiring a free lock and releasing one that nobody waits for is the core's inline fast path, and
// keeps the GIL. Only a wait releases it; see wait_without_gil.h for signals during the wait.
#include <new>

#include "cpython/cpython_internals.h"

extern "C" {
#include "pycore_frame.h"
#include "pycore_unicodeobject.h"
}

#include "cpython/thread_module/arguments.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/plain_object.h"
#include "cpython/wait_without_gil.h"
#include "heddle/lock.h"

namespace heddle::thread_module {
namespace {

struct LockObject {
    PyObject_HEAD
    Lock lock;
};

Lock& lock_of(PyObject* self) { return reinterpret_cast<LockObject*>(self)->lock; }

PyObject* new_lock(PyTypeObject* type) {
    PyObject* self = type->tp_alloc(type, 0);
    if (self != nullptr) new (&lock_of(self)) Lock;
    return self;
}

PyObject* lock_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
    if (!_PyArg_NoKeywords("lock", kwargs)) return nullptr;
    if (!_PyArg_CheckPositional("lock", PyTuple_GET_SIZE(args), 0, 0)) return nullptr;
    return new_lock(type);
}

PyObject* lock_repr(PyObject* self) {
    return PyUnicode_FromFormat("<%s %s object at %p>",
                                lock_of(self).is_held() ? "locked" : "unlocked",
                                Py_TYPE(self)->tp_name, self);
}

// Whether the caller is threading.Condition.wait(). It acquires a lock of its own twice, and
// notify() releases it: a condition is what is waited for, and nobody holds it.
bool is_condition_wait() {
    const _PyInterpreterFrame* frame = _PyThreadState_GET()->current_frame;
    if (frame == nullptr || frame->owner == FRAME_OWNED_BY_CSTACK) return false;
    PyObject* module = PyDict_GetItemWithError(frame->f_globals, &_Py_ID(__name__));
    if (module == nullptr) PyErr_Clear();
    return module != nullptr && PyUnicode_Check(module) &&
           _PyUnicode_EqualToASCIIString(module, "threading") &&
           _PyUnicode_EqualToASCIIString(
               _PyFrame_GetCode(const_cast<_PyInterpreterFrame*>(frame))->co_qualname,
               "Condition.wait");
}

WaitKind wait_kind_of(const Lock& lock) {
    // Only then are the frames looked at: nearly always somebody else holds it.
    const bool twice = lock.owner() == this_thread_ident();
    return twice && is_condition_wait() ? WaitKind::condition : WaitKind::lock;
}

PyObject* lock_acquire(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
    const AcquireArguments given = acquire_arguments(args, nargs, kwnames);
    if (!given.ok) return nullptr;
    Lock& lock = lock_of(self);
    if (lock.try_lock()) Py_RETURN_TRUE;
    if (given.timeout_ns == 0) Py_RETURN_FALSE;  // before any look at frames
    const WaitKind kind =
        wait_kind_of(lock);  // here, because it looks at frames: that needs the GIL
    return acquire_without_gil(given.timeout_ns,
                               [&](Deadline deadline, Interruptible interruptible) {
                                   return lock.acquire(deadline, interruptible, kind);
                               });
}

PyObject* lock_release(PyObject* self, PyObject*) {
    if (!lock_of(self).release()) {
        PyErr_SetString(PyExc_RuntimeError, "release unlocked lock");
        return nullptr;
    }
    Py_RETURN_NONE;
}

PyObject* lock_exit(PyObject* self, PyObject* const*, Py_ssize_t) {
    return lock_release(self, nullptr);
}

PyObject* lock_locked(PyObject* self, PyObject*) {
    return PyBool_FromLong(lock_of(self).is_held());
}

PyObject* lock_at_fork_reinit(PyObject* self, PyObject*) {
    new (&lock_of(self)) Lock;
    Py_RETURN_NONE;
}

constexpr char kLockDoc[] =
    "lock()\n--\n\n"
    "A mutual exclusion lock. It is held by at most one thread at a time, and any thread may\n"
    "release it. Create one with threading.Lock().\n"
    "\n"
    "acquire() -- get the lock, waiting for it if need be\n"
    "release() -- give it up, so that a waiting thread gets it\n"
    "locked() -- tell whether it is held\n"
    "\n"
    "A thread that acquires a lock twice without a release in between waits for ever, unless\n"
    "another thread releases the lock.";

constexpr char kAcquireDoc[] =
    "acquire($self, /, blocking=True, timeout=-1)\n--\n\n"
    "Get the lock, and return whether that worked.\n"
    "\n"
    "If blocking is false, do not wait. Otherwise wait until the lock is free, or for at most\n"
    "timeout seconds if timeout is not -1. Signal handlers run during the wait; if one raises an\n"
    "exception, the wait ends with it.";

constexpr char kAcquireLockDoc[] =
    "acquire_lock($self, /, blocking=True, timeout=-1)\n--\n\n"
    "The old name of acquire().";

constexpr char kReleaseDoc[] =
    "release($self, /)\n--\n\n"
    "Give up the lock. If threads are waiting for it, one of them gets it.\n"
    "\n"
    "It must be held, but not necessarily by the calling thread.";

constexpr char kReleaseLockDoc[] =
    "release_lock($self, /)\n--\n\n"
    "The old name of release().";

constexpr char kLockedDoc[] =
    "locked($self, /)\n--\n\n"
    "Tell whether the lock is held by any thread at this moment.";

constexpr char kLockedLockDoc[] =
    "locked_lock($self, /)\n--\n\n"
    "The old name of locked().";

constexpr char kEnterDoc[] = "__enter__($self, /)\n--\n\nGet the lock.";
constexpr char kExitDoc[] = "__exit__($self, /, *exc_info)\n--\n\nGive up the lock.";
constexpr char kAtForkDoc[] =
    "_at_fork_reinit($self, /)\n--\n\n"
    "Make the lock free again. For internal use in a forked child.";

constexpr int kFastcallKeywords = METH_FASTCALL | METH_KEYWORDS;

PyMethodDef lock_methods[] = {
    {"acquire", as_method(lock_acquire), kFastcallKeywords, kAcquireDoc},
    {"acquire_lock", as_method(lock_acquire), kFastcallKeywords, kAcquireLockDoc},
    {"release", as_method(lock_release), METH_NOARGS, kReleaseDoc},
    {"release_lock", as_method(lock_release), METH_NOARGS, kReleaseLockDoc},
    {"locked", as_method(lock_locked), METH_NOARGS, kLockedDoc},
    {"locked_lock", as_method(lock_locked), METH_NOARGS, kLockedLockDoc},
    {"__enter__", as_method(lock_acquire), kFastcallKeywords, kEnterDoc},
    {"__exit__", as_method(lock_exit), METH_FASTCALL, kExitDoc},
    {"_at_fork_reinit", as_method(lock_at_fork_reinit), METH_NOARGS, kAtForkDoc},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot lock_slots[] = {
    {Py_tp_new, as_slot(lock_new)},
    {Py_tp_dealloc, as_slot(dealloc_plain)},
    {Py_tp_traverse, as_slot(traverse_plain)},
    {Py_tp_repr, as_slot(lock_repr)},
    {Py_tp_methods, lock_methods},
    {Py_tp_doc, const_cast<char*>(kLockDoc)},
    {0, nullptr},
};

PyType_Spec lock_spec = {
    .name = "_thread.lock",
    .basicsize = sizeof(LockObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_MANAGED_WEAKREF,
    .slots = lock_slots,
};

PyObject* allocate_lock(PyObject* module, PyObject*) {
    return new_lock(state_of(module).lock_type);
}

constexpr char kAllocateLockDoc[] =
    "allocate_lock($module, /)\n--\n\n"
    "Return a new lock that is free. help(_thread.LockType) tells more about locks.";

constexpr char kAllocateDoc[] =
    "allocate($module, /)\n--\n\n"
    "The old name of allocate_lock().";

PyMethodDef functions[] = {
    {"allocate_lock", as_method(allocate_lock), METH_NOARGS, kAllocateLockDoc},
    {"allocate", as_method(allocate_lock), METH_NOARGS, kAllocateDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_lock(PyObject* module) {
    PyObject* type = PyType_FromSpec(&lock_spec);
    if (type == nullptr) return -1;
    state_of(module).lock_type = reinterpret_cast<PyTypeObject*>(type);
    if (PyModule_AddObjectRef(module, "lock", type) < 0) return -1;
    if (PyModule_AddObjectRef(module, "LockType", type) < 0) return -1;
    return PyModule_AddFunctions(module, functions);
}

}  // namespace heddle::thread_module

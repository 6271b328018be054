// _thread.RLock: a lock that its owner may acquire again.
// SPDX-License-Identifier: MIT
//
// The core's RLock does the work. As for _thread.lock, only a wait releases the GIL.
#include <cstdint>
#include <new>

#include "cpython/thread_module/arguments.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/plain_object.h"
#include "cpython/thread_module/ref.h"
#include "cpython/wait_without_gil.h"
#include "heddle/rlock.h"

namespace heddle::thread_module {
namespace {

struct RLockObject {
    PyObject_HEAD
    RLock lock;
};

RLock& rlock_of(PyObject* self) { return reinterpret_cast<RLockObject*>(self)->lock; }

// Takes any arguments: a subclass's __init__ is what they are meant for.
PyObject* rlock_new(PyTypeObject* type, PyObject*, PyObject*) {
    PyObject* self = type->tp_alloc(type, 0);
    if (self != nullptr) new (&rlock_of(self)) RLock;
    return self;
}

PyObject* rlock_repr(PyObject* self) {
    const RLock& lock = rlock_of(self);
    const uint32_t count = lock.count();
    return PyUnicode_FromFormat("<%s %s object owner=%u count=%u at %p>",
                                count != 0 ? "locked" : "unlocked", Py_TYPE(self)->tp_name,
                                lock.owner(), count, self);
}

PyObject* rlock_acquire(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                        PyObject* kwnames) {
    const AcquireArguments given = acquire_arguments(args, nargs, kwnames);
    if (!given.ok) return nullptr;
    RLock& lock = rlock_of(self);
    if (lock.count() == UINT32_MAX && lock.is_owned()) {
        PyErr_SetString(PyExc_OverflowError, "Internal lock count overflowed");
        return nullptr;
    }
    if (lock.try_lock()) Py_RETURN_TRUE;
    return acquire_without_gil(given.timeout_ns,
                               [&](Deadline deadline, Interruptible interruptible) {
                                   return lock.acquire(deadline, interruptible);
                               });
}

PyObject* fail_not_acquired() {
    PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
    return nullptr;
}

PyObject* rlock_release(PyObject* self, PyObject*) {
    if (!rlock_of(self).release()) return fail_not_acquired();
    Py_RETURN_NONE;
}

PyObject* rlock_exit(PyObject* self, PyObject* const*, Py_ssize_t) {
    return rlock_release(self, nullptr);
}

PyObject* rlock_is_owned(PyObject* self, PyObject*) {
    return PyBool_FromLong(rlock_of(self).is_owned());
}

PyObject* rlock_recursion_count(PyObject* self, PyObject*) {
    const RLock& lock = rlock_of(self);
    return PyLong_FromUnsignedLong(lock.is_owned() ? lock.count() : 0);
}

// ---- For threading.Condition, which gives the whole lock up during a wait ----------------------

PyObject* rlock_release_save(PyObject* self, PyObject*) {
    RLock& lock = rlock_of(self);
    const uint32_t owner = lock.owner();
    const uint32_t count = lock.save();
    if (count == 0) return fail_not_acquired();
    return Py_BuildValue("II", count, owner);
}

// The count in a state that _release_save() returned. False with an exception set.
bool parse_saved_state(PyObject* state, uint32_t* count_out) {
    if (!PyTuple_Check(state)) {
        PyErr_Format(PyExc_TypeError,
                     "_acquire_restore() argument 1 must be 2-item tuple, not %.50s",
                     Py_TYPE(state)->tp_name);
        return false;
    }
    if (PyTuple_GET_SIZE(state) != 2) {
        PyErr_Format(PyExc_TypeError,
                     "_acquire_restore() argument 1 must be tuple of length 2, not %zd",
                     PyTuple_GET_SIZE(state));
        return false;
    }
    const unsigned long count = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(state, 0));
    if (count == static_cast<unsigned long>(-1) && PyErr_Occurred()) return false;
    if (count == 0 || count > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "_acquire_restore() count out of range");
        return false;
    }
    *count_out = static_cast<uint32_t>(count);
    return true;
}

PyObject* rlock_acquire_restore(PyObject* self, PyObject* state) {
    uint32_t count;
    if (!parse_saved_state(state, &count)) return nullptr;
    RLock& lock = rlock_of(self);
    if (lock.try_lock()) {
        // Most counts are 1, so that this loop is cheaper than giving up the GIL would be.
        for (uint32_t held = 1; held < count; ++held) (void)lock.try_lock();
    } else {
        Py_BEGIN_ALLOW_THREADS
        lock.restore(count);
        Py_END_ALLOW_THREADS
    }
    Py_RETURN_NONE;
}

PyObject* rlock_at_fork_reinit(PyObject* self, PyObject*) {
    new (&rlock_of(self)) RLock;
    Py_RETURN_NONE;
}

constexpr char kRLockDoc[] =
    "A lock that the thread which holds it may acquire again, and that only this thread may\n"
    "release, as often as it acquired it. Create one with threading.RLock().";

constexpr char kAcquireDoc[] =
    "acquire($self, /, blocking=True, timeout=-1)\n--\n\n"
    "Get the lock, and return whether that worked.\n"
    "\n"
    "A thread that holds the lock gets it once more, at once. Otherwise, if blocking is false, do\n"
    "not wait; else wait until the lock is free, or for at most timeout seconds if timeout is not\n"
    "-1. Signal handlers run during the wait; if one raises an exception, the wait ends with it.";

constexpr char kReleaseDoc[] =
    "release($self, /)\n--\n\n"
    "Give up the lock once. After as many calls as there were successful acquire() calls it is\n"
    "free, and if threads are waiting for it, one of them gets it.\n"
    "\n"
    "Only the thread that holds the lock may call this.";

constexpr char kEnterDoc[] = "__enter__($self, /)\n--\n\nGet the lock.";
constexpr char kExitDoc[] = "__exit__($self, /, *exc_info)\n--\n\nGive up the lock once.";
constexpr char kIsOwnedDoc[] =
    "_is_owned($self, /)\n--\n\n"
    "Tell whether the calling thread holds the lock. For threading.Condition.";
constexpr char kRecursionCountDoc[] =
    "_recursion_count($self, /)\n--\n\n"
    "How many times the calling thread holds the lock. For checks of re-entrance.";
constexpr char kReleaseSaveDoc[] =
    "_release_save($self, /)\n--\n\n"
    "Give up the lock altogether and return a state for _acquire_restore(). For\n"
    "threading.Condition.";
constexpr char kAcquireRestoreDoc[] =
    "_acquire_restore($self, state, /)\n--\n\n"
    "Get the lock as many times as it was held before _release_save(). For threading.Condition.";
constexpr char kAtForkDoc[] =
    "_at_fork_reinit($self, /)\n--\n\n"
    "Make the lock free again. For internal use in a forked child.";

constexpr int kFastcallKeywords = METH_FASTCALL | METH_KEYWORDS;

PyMethodDef rlock_methods[] = {
    {"acquire", as_method(rlock_acquire), kFastcallKeywords, kAcquireDoc},
    {"release", as_method(rlock_release), METH_NOARGS, kReleaseDoc},
    {"__enter__", as_method(rlock_acquire), kFastcallKeywords, kEnterDoc},
    {"__exit__", as_method(rlock_exit), METH_FASTCALL, kExitDoc},
    {"_is_owned", as_method(rlock_is_owned), METH_NOARGS, kIsOwnedDoc},
    {"_recursion_count", as_method(rlock_recursion_count), METH_NOARGS, kRecursionCountDoc},
    {"_release_save", as_method(rlock_release_save), METH_NOARGS, kReleaseSaveDoc},
    {"_acquire_restore", as_method(rlock_acquire_restore), METH_O, kAcquireRestoreDoc},
    {"_at_fork_reinit", as_method(rlock_at_fork_reinit), METH_NOARGS, kAtForkDoc},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot rlock_slots[] = {
    {Py_tp_new, as_slot(rlock_new)},
    {Py_tp_dealloc, as_slot(dealloc_plain)},
    {Py_tp_traverse, as_slot(traverse_plain)},
    {Py_tp_repr, as_slot(rlock_repr)},
    {Py_tp_methods, rlock_methods},
    {Py_tp_doc, const_cast<char*>(kRLockDoc)},
    {0, nullptr},
};

PyType_Spec rlock_spec = {
    .name = "_thread.RLock",
    .basicsize = sizeof(RLockObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_MANAGED_WEAKREF,
    .slots = rlock_slots,
};

}  // namespace

int add_rlock(PyObject* module) {
    const Ref type(PyType_FromSpec(&rlock_spec));
    if (!type) return -1;
    return PyModule_AddObjectRef(module, "RLock", type.get());
}

}  // namespace heddle::thread_module

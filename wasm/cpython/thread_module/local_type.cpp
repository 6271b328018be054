// _thread._local: an object whose attributes each thread has for itself.
// SPDX-License-Identifier: MIT
//
// Overview
//   A local object has a dict `slots`, from a thread's token to that thread's slot: the pair of its
//   own attributes (a dict) and a watchdog. An attribute access finds the calling thread's slot and
//   goes on as if those attributes were the object's __dict__. A thread that comes for the first
//   time gets a slot, and a subclass's __init__ runs again, for this thread.
//
// Tokens
//   A thread state has two of them, made on first use; CPython drops them when it clears the state.
//     key       is the dict key. The slot and the watchdog's callback hold it too, so destructors
//               that run late in the thread's life still find their attributes.
//     sentinel  is held by the thread state only. Its death means that the thread ends.
//   Tokens refer to nothing. So a thread state, which the garbage collector does not see through,
//   never keeps a reference cycle alive, not even one through a local object.
//
// Lifetime
//   The thread ends:        its sentinel dies, the watchdog (a weak reference to it) calls back,
//                           and drop_slot() takes the slot out of `slots`.
//   The local object dies:  all slots go with it; their watchdogs will not call back any more.
//   The callback knows the local object only by a weak reference, and so keeps nothing alive.
#include <cstddef>

#include "cpython/cpython_internals.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/plain_object.h"
#include "cpython/thread_module/ref.h"

namespace heddle::thread_module {
namespace {

// ---- Tokens ------------------------------------------------------------------------------------

struct TokenObject {
    PyObject_HEAD
    PyObject* weakrefs;
};

void token_dealloc(PyObject* self) {
    PyObject_ClearWeakRefs(self);
    free_object(self);
}

PyMemberDef token_members[] = {
    {"__weaklistoffset__", Py_T_PYSSIZET, offsetof(TokenObject, weakrefs), Py_READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyType_Slot token_slots[] = {
    {Py_tp_dealloc, as_slot(token_dealloc)},
    {Py_tp_members, token_members},
    {Py_tp_doc, const_cast<char*>("Stands for one thread in thread-local objects.")},
    {0, nullptr},
};

PyType_Spec token_spec = {
    .name = "_thread._localdummy",
    .basicsize = sizeof(TokenObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = token_slots,
};

// The calling thread's state with both its tokens; null with an exception set.
PyThreadState* thread_state_with_tokens(PyTypeObject* token_type) {
    PyThreadState* tstate = _PyThreadState_GET();
    if (tstate->threading_local_key != nullptr) return tstate;
    Ref key(token_type->tp_alloc(token_type, 0));
    Ref sentinel(token_type->tp_alloc(token_type, 0));
    if (!key || !sentinel) return nullptr;
    tstate->threading_local_key = key.release();
    tstate->threading_local_sentinel = sentinel.release();
    return tstate;
}

// ---- Slots -------------------------------------------------------------------------------------

struct LocalObject {
    PyObject_HEAD
    PyObject* args;            // what __init__ gets in each thread: a tuple or null,
    PyObject* kwargs;          // and a dict or null
    PyObject* slots;           // {key token: (attributes, watchdog)}; null once cleared
    PyTypeObject* token_type;  // so that late destructors do not need the module's state
    bool is_subclass;          // attributes may also be found in the type
};

LocalObject* as_local(PyObject* self) { return reinterpret_cast<LocalObject*>(self); }

// The watchdog's callback: `bound` is (weak reference to the local object, key token).
PyObject* drop_slot(PyObject* bound, PyObject*) {
    PyObject* found;
    if (PyWeakref_GetRef(PyTuple_GET_ITEM(bound, 0), &found) < 0) return nullptr;
    const Ref self(found);
    if (self) {
        PyObject* slots = as_local(self.get())->slots;
        if (slots != nullptr && PyDict_Pop(slots, PyTuple_GET_ITEM(bound, 1), nullptr) < 0) {
            PyErr_WriteUnraisable(self.get());
        }
    }
    Py_RETURN_NONE;
}

PyMethodDef drop_slot_def = {"_drop_slot", as_method(drop_slot), METH_O, nullptr};

Ref make_watchdog(PyObject* self, const PyThreadState* tstate) {
    const Ref self_ref(PyWeakref_NewRef(self, nullptr));
    if (!self_ref) return Ref();
    const Ref bound(PyTuple_Pack(2, self_ref.get(), tstate->threading_local_key));
    if (!bound) return Ref();
    const Ref callback(PyCFunction_New(&drop_slot_def, bound.get()));
    if (!callback) return Ref();
    return Ref(PyWeakref_NewRef(tstate->threading_local_sentinel, callback.get()));
}

// Gives the calling thread a slot and returns its attributes; empty with an exception set.
Ref make_slot(PyObject* self, const PyThreadState* tstate) {
    Ref attributes(PyDict_New());
    if (!attributes) return Ref();
    const Ref watchdog = make_watchdog(self, tstate);
    if (!watchdog) return Ref();
    const Ref slot(PyTuple_Pack(2, attributes.get(), watchdog.get()));
    if (!slot) return Ref();
    PyObject* slots = as_local(self)->slots;
    if (PyDict_SetItem(slots, tstate->threading_local_key, slot.get()) < 0) return Ref();
    return attributes;
}

// Runs a subclass's __init__ for the calling thread. If it raises, the slot goes, so that the next
// access tries again. False with the exception set.
bool init_slot(PyObject* self, const PyThreadState* tstate) {
    const initproc init = Py_TYPE(self)->tp_init;
    if (init == PyBaseObject_Type.tp_init) return true;
    LocalObject* local = as_local(self);
    if (init(self, local->args, local->kwargs) == 0) return true;
    PyObject* exception = PyErr_GetRaisedException();
    if (local->slots != nullptr &&
        PyDict_Pop(local->slots, tstate->threading_local_key, nullptr) < 0) {
        PyErr_WriteUnraisable(self);
    }
    PyErr_SetRaisedException(exception);
    return false;
}

// The calling thread's attributes; empty with an exception set.
Ref attributes_of_thread(PyObject* self) {
    LocalObject* local = as_local(self);
    if (local->slots == nullptr) {
        PyErr_SetString(PyExc_ReferenceError, "thread-local object was cleared");
        return Ref();
    }
    const PyThreadState* tstate = thread_state_with_tokens(local->token_type);
    if (tstate == nullptr) return Ref();
    Ref slot;
    if (PyDict_GetItemRef(local->slots, tstate->threading_local_key, slot.out()) < 0) return Ref();
    if (slot) return Ref::borrowed(PyTuple_GET_ITEM(slot.get(), 0));

    Ref attributes = make_slot(self, tstate);
    if (!attributes || !init_slot(self, tstate)) return Ref();
    return attributes;
}

// ---- The type ----------------------------------------------------------------------------------

PyObject* local_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
    const bool has_arguments = (args != nullptr && PyTuple_GET_SIZE(args) != 0) ||
                               (kwargs != nullptr && PyDict_GET_SIZE(kwargs) != 0);
    if (has_arguments && type->tp_init == PyBaseObject_Type.tp_init) {
        PyErr_SetString(PyExc_TypeError, "Initialization arguments are not supported");
        return nullptr;
    }
    PyObject* module = PyType_GetModuleByDef(type, &module_def);
    if (module == nullptr) return nullptr;
    const ModuleState& state = state_of(module);

    Ref self(type->tp_alloc(type, 0));
    if (!self) return nullptr;
    LocalObject* local = as_local(self.get());
    local->args = Py_XNewRef(args);
    local->kwargs = Py_XNewRef(kwargs);
    local->token_type = state.local_token_type;
    Py_INCREF(local->token_type);
    local->is_subclass = type != state.local_type;
    local->slots = PyDict_New();
    if (local->slots == nullptr) return nullptr;

    // The creating thread's slot. type.__call__ runs __init__ for it.
    const PyThreadState* tstate = thread_state_with_tokens(local->token_type);
    if (tstate == nullptr || !make_slot(self.get(), tstate)) return nullptr;
    return self.release();
}

int local_traverse(PyObject* self, visitproc visit, void* arg) {
    LocalObject* local = as_local(self);
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(local->args);
    Py_VISIT(local->kwargs);
    Py_VISIT(local->slots);
    Py_VISIT(local->token_type);
    return 0;
}

// Keeps token_type: whatever is still called on the object then fails softly.
int local_clear(PyObject* self) {
    LocalObject* local = as_local(self);
    Py_CLEAR(local->args);
    Py_CLEAR(local->kwargs);
    Py_CLEAR(local->slots);
    return 0;
}

void local_dealloc(PyObject* self) {
    PyObject_GC_UnTrack(self);
    // First of all: a watchdog that calls back from now on must not find the object.
    PyObject_ClearWeakRefs(self);
    (void)local_clear(self);
    Py_CLEAR(as_local(self)->token_type);
    free_object(self);
}

// 1: the name is __dict__; 0: another one; -1: comparing raised.
int is_dict_name(PyObject* name) {
    return PyObject_RichCompareBool(name, &_Py_ID(__dict__), Py_EQ);
}

PyObject* local_getattro(PyObject* self, PyObject* name) {
    Ref attributes = attributes_of_thread(self);
    if (!attributes) return nullptr;
    const int is_dict = is_dict_name(name);
    if (is_dict != 0) return is_dict > 0 ? attributes.release() : nullptr;
    if (!as_local(self)->is_subclass) {
        // The type itself has next to nothing, so look at the attributes first.
        Ref value;
        const int found = PyDict_GetItemRef(attributes.get(), name, value.out());
        if (found != 0) return value.release();  // null on error
    }
    return _PyObject_GenericGetAttrWithDict(self, name, attributes.get(), /*suppress=*/0);
}

// Sets the attribute, or deletes it if value is null.
int local_setattro(PyObject* self, PyObject* name, PyObject* value) {
    const Ref attributes = attributes_of_thread(self);
    if (!attributes) return -1;
    const int is_dict = is_dict_name(name);
    if (is_dict < 0) return -1;
    if (is_dict > 0) {
        PyErr_Format(PyExc_AttributeError, "'%.100s' object attribute %R is read-only",
                     Py_TYPE(self)->tp_name, name);
        return -1;
    }
    return _PyObject_GenericSetAttrWithDict(self, name, value, attributes.get());
}

constexpr char kLocalDoc[] =
    "_local()\n--\n\n"
    "Thread-local data: each thread sees and sets its own values of the attributes.\n"
    "\n"
    "A subclass's __init__ is called in each thread that uses the object, with the arguments that\n"
    "the object was made with.";

PyType_Slot local_slots[] = {
    {Py_tp_new, as_slot(local_new)},           {Py_tp_dealloc, as_slot(local_dealloc)},
    {Py_tp_traverse, as_slot(local_traverse)}, {Py_tp_clear, as_slot(local_clear)},
    {Py_tp_getattro, as_slot(local_getattro)}, {Py_tp_setattro, as_slot(local_setattro)},
    {Py_tp_doc, const_cast<char*>(kLocalDoc)}, {0, nullptr},
};

PyType_Spec local_spec = {
    .name = "_thread._local",
    .basicsize = sizeof(LocalObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_MANAGED_WEAKREF,
    .slots = local_slots,
};

}  // namespace

int add_local(PyObject* module) {
    ModuleState& state = state_of(module);
    PyObject* token_type = PyType_FromSpec(&token_spec);
    if (token_type == nullptr) return -1;
    state.local_token_type = reinterpret_cast<PyTypeObject*>(token_type);
    PyObject* local_type = PyType_FromModuleAndSpec(module, &local_spec, nullptr);
    if (local_type == nullptr) return -1;
    state.local_type = reinterpret_cast<PyTypeObject*>(local_type);
    return PyModule_AddObjectRef(module, "_local", local_type);
}

}  // namespace heddle::thread_module

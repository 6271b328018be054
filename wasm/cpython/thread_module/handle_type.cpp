// _thread._ThreadHandle: a thread handle as threading.Thread has it.
// SPDX-License-Identifier: MIT
#include "cpython/thread_module/handle_type.h"

#include "cpython/thread_module/arguments.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/plain_object.h"

namespace heddle::thread_module {
namespace {

struct HandleObject {
    PyObject_HEAD
    ThreadHandle* handle;  // one reference
};

}  // namespace

PyObject* new_handle_object(PyTypeObject* handle_type) {
    ThreadHandle* handle = ThreadHandle::create();
    if (handle == nullptr) return nullptr;
    PyObject* self = handle_type->tp_alloc(handle_type, 0);
    if (self == nullptr) {
        handle->drop_ref();
        return nullptr;
    }
    reinterpret_cast<HandleObject*>(self)->handle = handle;
    return self;
}

ThreadHandle* handle_of(PyObject* handle_object) {
    return reinterpret_cast<HandleObject*>(handle_object)->handle;
}

namespace {

PyObject* handle_new(PyTypeObject* type, PyObject*, PyObject*) { return new_handle_object(type); }

void handle_dealloc(PyObject* self) {
    PyObject_GC_UnTrack(self);
    handle_of(self)->drop_ref();
    free_object(self);
}

PyObject* handle_repr(PyObject* self) {
    return PyUnicode_FromFormat("<%s object: ident=%" PY_FORMAT_THREAD_IDENT_T ">",
                                Py_TYPE(self)->tp_name, handle_of(self)->ident());
}

PyObject* handle_get_ident(PyObject* self, void*) {
    return PyLong_FromUnsignedLongLong(handle_of(self)->ident());
}

PyObject* handle_join(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
    if (!check_at_most("join", nargs, 1)) return nullptr;
    PyTime_t timeout_ns = HEDDLE_FOREVER;
    if (nargs == 1 && args[0] != Py_None &&
        _PyTime_FromSecondsObject(&timeout_ns, args[0], _PyTime_ROUND_TIMEOUT) < 0) {
        return nullptr;
    }
    if (!handle_of(self)->join(timeout_ns)) return nullptr;
    Py_RETURN_NONE;
}

PyObject* handle_is_done(PyObject* self, PyObject*) {
    return PyBool_FromLong(handle_of(self)->has_ended());
}

PyObject* handle_set_done(PyObject* self, PyObject*) {
    if (!handle_of(self)->set_done()) return nullptr;
    Py_RETURN_NONE;
}

constexpr char kHandleDoc[] =
    "One thread, not started yet, running, or ended. For internal use by threading.Thread.";
constexpr char kJoinDoc[] =
    "join($self, timeout=None, /)\n--\n\n"
    "Wait until the thread has ended, or for at most timeout seconds if timeout is not None.";
constexpr char kIsDoneDoc[] =
    "is_done($self, /)\n--\n\n"
    "Tell whether the thread has ended.";
constexpr char kSetDoneDoc[] =
    "_set_done($self, /)\n--\n\n"
    "Count the thread as ended from now on.";
constexpr char kIdentDoc[] = "The thread's ident, or 0 before it runs.";

PyMethodDef handle_methods[] = {
    {"join", as_method(handle_join), METH_FASTCALL, kJoinDoc},
    {"is_done", as_method(handle_is_done), METH_NOARGS, kIsDoneDoc},
    {"_set_done", as_method(handle_set_done), METH_NOARGS, kSetDoneDoc},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef handle_getset[] = {
    {"ident", handle_get_ident, nullptr, kIdentDoc, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot handle_slots[] = {
    {Py_tp_new, as_slot(handle_new)},
    {Py_tp_dealloc, as_slot(handle_dealloc)},
    {Py_tp_traverse, as_slot(traverse_plain)},
    {Py_tp_repr, as_slot(handle_repr)},
    {Py_tp_methods, handle_methods},
    {Py_tp_getset, handle_getset},
    {Py_tp_doc, const_cast<char*>(kHandleDoc)},
    {0, nullptr},
};

PyType_Spec handle_spec = {
    .name = "_thread._ThreadHandle",
    .basicsize = sizeof(HandleObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = handle_slots,
};

// ---- Threads that were not started here --------------------------------------------------------

PyObject* make_thread_handle(PyObject* module, PyObject* ident_object) {
    if (!PyLong_Check(ident_object)) {
        PyErr_SetString(PyExc_TypeError, "ident must be an integer");
        return nullptr;
    }
    const PyThread_ident_t ident = PyLong_AsUnsignedLongLong(ident_object);
    if (PyErr_Occurred()) return nullptr;
    PyObject* self = new_handle_object(state_of(module).handle_type);
    if (self == nullptr) return nullptr;
    ThreadHandle* handle = handle_of(self);
    (void)handle->begin_start(/*joinable=*/false);  // a new handle: cannot fail
    handle->mark_running(ident);
    return self;
}

constexpr char kMakeThreadHandleDoc[] =
    "_make_thread_handle($module, ident, /)\n--\n\n"
    "Return a handle for a running thread that this module did not start. For internal use.";

PyMethodDef functions[] = {
    {"_make_thread_handle", as_method(make_thread_handle), METH_O, kMakeThreadHandleDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_handle(PyObject* module) {
    PyObject* type = PyType_FromSpec(&handle_spec);
    if (type == nullptr) return -1;
    state_of(module).handle_type = reinterpret_cast<PyTypeObject*>(type);
    if (PyModule_AddObjectRef(module, "_ThreadHandle", type) < 0) return -1;
    return PyModule_AddFunctions(module, functions);
}

}  // namespace heddle::thread_module

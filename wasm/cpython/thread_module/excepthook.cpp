// _thread._excepthook: prints an exception that a threading.Thread did not handle.
// SPDX-License-Identifier: MIT
//
// threading uses it as threading.excepthook, with a _thread._ExceptHookArgs as argument.
#include "cpython/cpython_internals.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/ref.h"

namespace heddle::thread_module {
namespace {

PyStructSequence_Field args_fields[] = {
    {"exc_type", "the exception's class"},
    {"exc_value", "the exception, or None"},
    {"exc_traceback", "its traceback, or None"},
    {"thread", "the thread that it ended, or None"},
    {nullptr, nullptr},
};

PyStructSequence_Desc args_desc = {
    .name = "_thread._ExceptHookArgs",
    .doc = "ExceptHookArgs\n\nWhat threading.excepthook is called with.",
    .fields = args_fields,
    .n_in_sequence = 4,
};

struct HookArgs {  // borrowed from the _ExceptHookArgs object
    PyObject* type;
    PyObject* value;
    PyObject* traceback;
    PyObject* thread;
};

// Where to print: sys.stderr, or the one that the thread was made with. Empty: nowhere, with an
// exception set if looking failed.
Ref find_stderr(PyObject* thread) {
    Ref file;
    if (_PySys_GetOptionalAttr(&_Py_ID(stderr), file.out()) < 0) return Ref();
    if (file && file.get() != Py_None) return file;
    if (thread == Py_None) return Ref();
    file = Ref(PyObject_GetAttrString(thread, "_stderr"));
    if (file.get() == Py_None) return Ref();
    return file;
}

// The thread's name, or the calling thread's ident if it has none. Empty with an exception set.
Ref name_of(PyObject* thread) {
    Ref name;
    if (thread != Py_None && PyObject_GetOptionalAttr(thread, &_Py_ID(name), name.out()) < 0) {
        return Ref();
    }
    if (name) return name;
    return Ref(PyUnicode_FromFormat("%" PY_FORMAT_THREAD_IDENT_T, PyThread_get_thread_ident_ex()));
}

bool print(const HookArgs& args, PyObject* file) {
    const Ref name = name_of(args.thread);
    if (!name) return false;
    if (PyFile_WriteString("Exception in thread ", file) < 0 ||
        PyFile_WriteObject(name.get(), file, Py_PRINT_RAW) < 0 ||
        PyFile_WriteString(":\n", file) < 0) {
        return false;
    }
    _PyErr_Display(file, args.type, args.value, args.traceback);
    const Ref flushed(PyObject_CallMethodNoArgs(file, &_Py_ID(flush)));
    return static_cast<bool>(flushed);
}

PyObject* excepthook(PyObject* module, PyObject* object) {
    if (!Py_IS_TYPE(object, state_of(module).excepthook_args_type)) {
        PyErr_SetString(PyExc_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
        return nullptr;
    }
    const HookArgs args = {
        .type = PyStructSequence_GetItem(object, 0),
        .value = PyStructSequence_GetItem(object, 1),
        .traceback = PyStructSequence_GetItem(object, 2),
        .thread = PyStructSequence_GetItem(object, 3),
    };
    if (args.type == PyExc_SystemExit) Py_RETURN_NONE;
    const Ref file = find_stderr(args.thread);
    if (!file) {
        if (PyErr_Occurred()) return nullptr;
        Py_RETURN_NONE;
    }
    if (!print(args, file.get())) return nullptr;
    Py_RETURN_NONE;
}

constexpr char kExcepthookDoc[] =
    "_excepthook($module, args, /)\n--\n\n"
    "Print an exception that Thread.run() did not handle. SystemExit is left out.\n\n"
    "args: an _ExceptHookArgs (exc_type, exc_value, exc_traceback, thread).";

PyMethodDef functions[] = {
    {"_excepthook", as_method(excepthook), METH_O, kExcepthookDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_excepthook(PyObject* module) {
    PyTypeObject* type = PyStructSequence_NewType(&args_desc);
    if (type == nullptr) return -1;
    state_of(module).excepthook_args_type = type;
    if (PyModule_AddType(module, type) < 0) return -1;
    return PyModule_AddFunctions(module, functions);
}

}  // namespace heddle::thread_module

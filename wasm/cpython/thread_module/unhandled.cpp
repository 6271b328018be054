// Unhandled: calls sys.unraisablehook with the function as object.
// SPDX-License-Identifier: MIT
//
// CPython's own PyErr_FormatUnraisable() can say a message, but passes None as object, while the
// documentation of start_new_thread() promises the function; PyErr_WriteUnraisable() passes the
// function, but not the message. So the hook's argument is made here.
#include "cpython/thread_module/unhandled.h"

#include <cstring>
#include <iterator>

#include "cpython/thread_module/ref.h"

namespace heddle::thread_module {
namespace {

// The default hook prints a colon, the object's repr and the traceback after it.
constexpr char kMessage[] = "Exception ignored in thread started by";

Ref sys_attribute(const char* name) { return Ref::borrowed(PySys_GetObject(name)); }

// The type of the hook's argument, a borrowed reference, or null. CPython keeps it to itself, and
// the default hook takes nothing else; like every type it can be found among its base's subclasses.
PyTypeObject* find_hook_args_type() {
    auto* tuple_type = reinterpret_cast<PyObject*>(&PyTuple_Type);
    const Ref subclasses(PyObject_CallMethod(tuple_type, "__subclasses__", nullptr));
    if (!subclasses || !PyList_Check(subclasses.get())) return nullptr;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(subclasses.get()); ++i) {
        auto* type = reinterpret_cast<PyTypeObject*>(PyList_GET_ITEM(subclasses.get(), i));
        const bool is_builtin = (type->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0;  // so it outlives us
        if (is_builtin && std::strcmp(type->tp_name, "UnraisableHookArgs") == 0) return type;
    }
    return nullptr;
}

// (exc_type, exc_value, exc_traceback, err_msg, object) for the hook; empty on failure.
Ref make_hook_args(PyObject* exception, const char* message, PyObject* object) {
    PyTypeObject* type = find_hook_args_type();
    const Ref text(PyUnicode_FromString(message));
    if (type == nullptr || !text) return Ref();
    Ref args(PyStructSequence_New(type));
    if (!args) return Ref();
    const Ref traceback(PyException_GetTraceback(exception));
    PyObject* const fields[] = {reinterpret_cast<PyObject*>(Py_TYPE(exception)), exception,
                                traceback ? traceback.get() : Py_None, text.get(), object};
    for (Py_ssize_t i = 0; i < static_cast<Py_ssize_t>(std::size(fields)); ++i) {
        PyStructSequence_SetItem(args.get(), i, Py_NewRef(fields[i]));
    }
    return args;
}

// Prints, whatever sys.unraisablehook is.
void print(PyObject* hook_args) { const Ref none(_PyErr_WriteUnraisableDefaultHook(hook_args)); }

// Prints the exception that is set: reporting itself went wrong.
void print_own_error(const char* message, PyObject* object) {
    const Ref error(PyErr_GetRaisedException());
    const Ref args = make_hook_args(error.get(), message, object);
    if (args) print(args.get());
}

void call_hook(PyObject* hook_args) {
    const Ref hook = sys_attribute("unraisablehook");
    if (!hook || hook.get() == Py_None) return print(hook_args);
    if (PySys_Audit("sys.unraisablehook", "OO", hook.get(), hook_args) < 0) {
        return print_own_error("Exception ignored in audit hook", Py_None);
    }
    const Ref result(PyObject_CallOneArg(hook.get(), hook_args));
    if (!result) print_own_error("Exception ignored in sys.unraisablehook", hook.get());
}

}  // namespace

void report_unhandled(PyObject* function) {
    Ref exception(PyErr_GetRaisedException());
    const Ref args = make_hook_args(exception.get(), kMessage, function);
    if (args) {
        call_hook(args.get());
    } else {
        // Short of memory: CPython's way says less, but passes the function as well.
        PyErr_SetRaisedException(exception.release());
        PyErr_WriteUnraisable(function);
    }
    PyErr_Clear();
}

}  // namespace heddle::thread_module

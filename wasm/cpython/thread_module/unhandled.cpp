// Unhandled: calls sys.unraisablehook with the function as object.
// SPDX-License-Identifier: MIT
//
// CPython's own PyErr_FormatUnraisable() can say a message, but passes None as object, while the
// documentation of start_new_thread() promises the function. So the hook's argument is made here.
#include "thread_module/unhandled.h"

#include "thread_module/ref.h"

namespace heddle::thread_module {
namespace {

// The default hook prints a colon, the object's repr and the traceback after it.
constexpr char kMessage[] = "Exception ignored in thread started by";

Ref sys_attribute(const char* name) { return Ref::borrowed(PySys_GetObject(name)); }

// sys.UnraisableHookArgs(exc_type, exc_value, exc_traceback, err_msg, object); empty on failure.
Ref make_hook_args(PyObject* exception, const char* message, PyObject* object) {
    const Ref type = sys_attribute("UnraisableHookArgs");
    const Ref text(PyUnicode_FromString(message));
    if (!type || !text) return Ref();
    const Ref traceback(PyException_GetTraceback(exception));
    const Ref fields(PyTuple_Pack(5, Py_TYPE(exception), exception,
                                  traceback ? traceback.get() : Py_None, text.get(), object));
    if (!fields) return Ref();
    return Ref(PyObject_CallOneArg(type.get(), fields.get()));
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
        // Short of memory, or sys was tampered with: CPython's way says at least what happened.
        PyErr_SetRaisedException(exception.release());
        PyErr_FormatUnraisable("%s %R", kMessage, function);
    }
    PyErr_Clear();
}

}  // namespace heddle::thread_module

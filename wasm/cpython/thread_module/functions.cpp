// The module's small functions: idents, counts, stack size, exit, interrupting the main thread.
// SPDX-License-Identifier: MIT
#include <climits>
#include <csignal>

#include "cpython/cpython_internals.h"
#include "cpython/thread_module/arguments.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/ref.h"
#include "heddle/heddle.h"

namespace heddle::thread_module {
namespace {

// ---- Who am I --------------------------------------------------------------------------------

PyObject* get_ident(PyObject*, PyObject*) {
    return PyLong_FromUnsignedLongLong(PyThread_get_thread_ident_ex());
}

PyObject* get_native_id(PyObject*, PyObject*) {
    return PyLong_FromUnsignedLong(PyThread_get_thread_native_id());
}

PyObject* get_main_thread_ident(PyObject*, PyObject*) {
    return PyLong_FromUnsignedLongLong(_PyRuntime.main_thread);
}

PyObject* is_main_interpreter(PyObject*, PyObject*) {
    return PyBool_FromLong(_Py_IsMainInterpreter(_PyInterpreterState_GET()));
}

PyObject* count(PyObject*, PyObject*) {
    return PyLong_FromSsize_t(_Py_atomic_load_ssize(&_PyInterpreterState_GET()->threads.count));
}

// ---- Ending and interrupting -----------------------------------------------------------------

PyObject* exit_thread(PyObject*, PyObject*) {
    PyErr_SetNone(PyExc_SystemExit);
    return nullptr;
}

PyObject* interrupt_main(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
    if (!check_at_most("interrupt_main", nargs, 1)) return nullptr;
    long signum = SIGINT;
    if (nargs == 1) {
        signum = PyLong_AsLong(args[0]);
        if (signum == -1 && PyErr_Occurred()) return nullptr;
    }
    if (signum < 0 || signum > INT_MAX || PyErr_SetInterruptEx(static_cast<int>(signum)) != 0) {
        PyErr_SetString(PyExc_ValueError, "signal number out of range");
        return nullptr;
    }
    // CPython has only set a flag, which a main thread that waits does not look at: wake it up.
    heddle_main_thread_interrupt();
    Py_RETURN_NONE;
}

// ---- Stack size ------------------------------------------------------------------------------

PyObject* stack_size(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
    if (!check_at_most("stack_size", nargs, 1)) return nullptr;
    Py_ssize_t size = 0;
    if (nargs == 1) {
        const Ref index(PyNumber_Index(args[0]));
        if (!index) return nullptr;
        size = PyLong_AsSsize_t(index.get());
        if (size == -1 && PyErr_Occurred()) return nullptr;
    }
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "size must be 0 or a positive value");
        return nullptr;
    }
    const size_t former = PyThread_get_stacksize();
    if (PyThread_set_stacksize(static_cast<size_t>(size)) != 0) {
        PyErr_Format(PyExc_ValueError, "size not valid: %zd bytes", size);
        return nullptr;
    }
    return PyLong_FromSize_t(former);
}

// ---- Documentation and table -----------------------------------------------------------------

constexpr char kGetIdentDoc[] =
    "get_ident($module, /)\n--\n\n"
    "Return the calling thread's ident: a nonzero integer that no other living thread has.\n"
    "\n"
    "It has no meaning besides; use it as a key, say. When a thread has ended, another one may get\n"
    "its ident.";
constexpr char kGetNativeIdDoc[] =
    "get_native_id($module, /)\n--\n\n"
    "Return the number that the thread runtime has given to the calling thread. No other living\n"
    "thread of this program has it.";
constexpr char kGetMainThreadIdentDoc[] =
    "_get_main_thread_ident($module, /)\n--\n\n"
    "Return the ident of the main interpreter's main thread. For internal use.";
constexpr char kIsMainInterpreterDoc[] =
    "_is_main_interpreter($module, /)\n--\n\n"
    "Tell whether the current interpreter is the main one.";
constexpr char kCountDoc[] =
    "_count($module, /)\n--\n\n"
    "Return the number of threads, started by this module or by threading, that run now, without\n"
    "the main thread. For internal use; threading.enumerate() tells more.";
constexpr char kExitDoc[] =
    "exit($module, /)\n--\n\n"
    "Raise SystemExit. If nothing catches it, the calling thread ends silently.";
constexpr char kExitThreadDoc[] =
    "exit_thread($module, /)\n--\n\n"
    "The old name of exit().";
constexpr char kInterruptMainDoc[] =
    "interrupt_main($module, signum=signal.SIGINT, /)\n--\n\n"
    "Act as if the signal had arrived: the main thread runs its handler, waking up from whatever it\n"
    "waits for. Nothing happens if Python does not handle the signal.\n"
    "\n"
    "The handler of SIGINT raises KeyboardInterrupt, unless it was replaced.";
constexpr char kStackSizeDoc[] =
    "stack_size($module, size=0, /)\n--\n\n"
    "Set how many bytes of stack the threads get that are started from now on, and return what it\n"
    "was before. 0 stands for the default; other sizes must be at least 32768. ValueError if the\n"
    "size is not valid; nothing is changed then.";

PyMethodDef functions[] = {
    {"get_ident", as_method(get_ident), METH_NOARGS, kGetIdentDoc},
    {"get_native_id", as_method(get_native_id), METH_NOARGS, kGetNativeIdDoc},
    {"_get_main_thread_ident", as_method(get_main_thread_ident), METH_NOARGS,
     kGetMainThreadIdentDoc},
    {"_is_main_interpreter", as_method(is_main_interpreter), METH_NOARGS, kIsMainInterpreterDoc},
    {"_count", as_method(count), METH_NOARGS, kCountDoc},
    {"exit", as_method(exit_thread), METH_NOARGS, kExitDoc},
    {"exit_thread", as_method(exit_thread), METH_NOARGS, kExitThreadDoc},
    {"interrupt_main", as_method(interrupt_main), METH_FASTCALL, kInterruptMainDoc},
    {"stack_size", as_method(stack_size), METH_FASTCALL, kStackSizeDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_functions(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace heddle::thread_module

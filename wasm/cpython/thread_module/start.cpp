// Starting threads: start_new_thread, start_joinable_thread, and a thread's life from step to step.
// SPDX-License-Identifier: MIT
//
// Life of a thread
//   1. The starter, with the GIL, checks, raises the auditing event, and makes a Launch: the new
//      Python thread state, the function and its arguments, and a reference to the handle.
//   2. Without the GIL it asks the core for a thread. That may take as long as a worker needs to
//      come up, and other Python threads run meanwhile. The Launch belongs to the new thread from
//      then on, unless the core says no.
//   3. The thread takes the GIL, calls the function, reports an unhandled exception, lets go of the
//      function and its arguments, deletes its thread state (which gives up the GIL), and marks its
//      handle as ended.
//
// Finalization
//   A thread that comes up while the interpreter is finalizing must not touch Python objects: it
//   leaks its references and ends. If it notices only when it asks for the GIL, CPython ends it
//   inside that call (PyThread_exit_thread), and the handle is never marked; nobody waits then.
#include <new>

#include "cpython/c_recursion.h"
#include "cpython/cpython_internals.h"
#include "cpython/native_stack.h"
#include "cpython/thread_module/arguments.h"
#include "cpython/thread_module/handle.h"
#include "cpython/thread_module/handle_type.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/ref.h"
#include "cpython/thread_module/thread_name.h"
#include "cpython/thread_module/unhandled.h"
#include "heddle/heddle.h"

namespace heddle::thread_module {
namespace {

struct Launch {
    PyThreadState* tstate;
    PyObject* function;    // these three are owned references
    PyObject* args;        // a tuple
    PyObject* kwargs;      // a dict or null
    ThreadHandle* handle;  // one reference
};

enum class Daemon : bool { no = false, yes = true };

// ---- In the new thread -------------------------------------------------------------------------

void release_objects(const Launch& launch) {
    Py_DECREF(launch.function);
    Py_DECREF(launch.args);
    Py_XDECREF(launch.kwargs);
}

void call_function(const Launch& launch) {
    const Ref result(PyObject_Call(launch.function, launch.args, launch.kwargs));
    if (result) return;
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        PyErr_Clear();
    } else {
        report_unhandled(launch.function);
    }
}

// The part of a thread's life that has a Python thread state.
void run_in_python(const Launch& launch) {
    PyThreadState* tstate = launch.tstate;
    _PyThreadState_Bind(tstate);
    PyEval_AcquireThread(tstate);
    tstate->c_recursion_remaining =
        heddle_c_recursion_levels(heddle_thread_own_stack_bytes(), heddle_native_stack_bytes());
    Py_ssize_t* count = &tstate->interp->threads.count;
    _Py_atomic_add_ssize(count, 1);

    call_function(launch);
    release_objects(launch);

    _Py_atomic_add_ssize(count, -1);
    PyThreadState_Clear(tstate);
    _PyThreadState_DeleteCurrent(tstate);
}

void thread_main(void* raw) {
    const Launch launch = *static_cast<Launch*>(raw);
    PyMem_RawFree(raw);
    launch.handle->mark_running(heddle_thread_self());
    if (!_PyThreadState_MustExit(launch.tstate)) run_in_python(launch);
    launch.handle->mark_ended();
    launch.handle->drop_ref();
}

// ---- In the starter ----------------------------------------------------------------------------

bool may_start_threads() {
    PyInterpreterState* interp = _PyInterpreterState_GET();
    if (!_PyInterpreterState_HasFeature(interp, Py_RTFLAGS_THREADS)) {
        PyErr_SetString(PyExc_RuntimeError, "thread is not supported for isolated subinterpreters");
        return false;
    }
    if (_PyInterpreterState_GetFinalizing(interp) != nullptr) {
        PyErr_SetString(PyExc_PythonFinalizationError,
                        "can't create new thread at interpreter shutdown");
        return false;
    }
    return true;
}

// A Launch with references of its own; null with an exception set.
Launch* make_launch(PyObject* function, PyObject* args, PyObject* kwargs, ThreadHandle* handle) {
    void* memory = PyMem_RawMalloc(sizeof(Launch));
    if (memory == nullptr) {
        PyErr_NoMemory();
        return nullptr;
    }
    PyThreadState* tstate =
        _PyThreadState_New(_PyInterpreterState_GET(), _PyThreadState_WHENCE_THREADING);
    if (tstate == nullptr) {
        PyMem_RawFree(memory);
        if (!PyErr_Occurred()) PyErr_NoMemory();
        return nullptr;
    }
    return new (memory)
        Launch{tstate, Py_NewRef(function), Py_NewRef(args), Py_XNewRef(kwargs), handle->add_ref()};
}

void cancel_launch(Launch* launch) {
    PyThreadState_Clear(launch->tstate);
    PyThreadState_Delete(launch->tstate);
    release_objects(*launch);
    launch->handle->drop_ref();
    PyMem_RawFree(launch);
}

// Asks the core for a thread, without the GIL. False with an exception set.
bool start_core_thread(Launch* launch, bool joinable, Daemon daemon) {
    const Ref name = thread_name(launch->function);
    const char* name_utf8 = name ? PyUnicode_AsUTF8(name.get()) : nullptr;
    if (name_utf8 == nullptr) PyErr_Clear();  // lone surrogates: the core makes a name up
    const heddle_thread_options_t options = {
        .name = name_utf8,
        .stack_bytes = heddle_python_stack_bytes(PyThread_get_stacksize()),
        .joinable = joinable,
        .daemon = daemon == Daemon::yes,
    };
    ThreadHandle* handle = launch->handle;  // the caller has a reference too
    int error;
    Py_BEGIN_ALLOW_THREADS
    heddle_ident_t ident;
    error = heddle_thread_start(thread_main, launch, &options, &ident);
    if (error == 0) handle->mark_running(ident);
    Py_END_ALLOW_THREADS
    if (error == 0) return true;
    cancel_launch(launch);
    PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
    return false;
}

// Starts a thread for the handle. False with an exception set.
bool start(ModuleState& state, PyObject* function, PyObject* args, PyObject* kwargs,
           ThreadHandle* handle, bool joinable, Daemon daemon) {
    if (!may_start_threads() || !handle->begin_start(joinable)) return false;
    // Before the thread starts, because it takes itself off the list when it ends.
    if (daemon == Daemon::no) state.shutdown_list.add(handle);
    Launch* launch = make_launch(function, args, kwargs, handle);
    if (launch != nullptr && start_core_thread(launch, joinable, daemon)) return true;
    ShutdownList::remove(handle);
    handle->mark_failed();
    return false;
}

// ---- start_new_thread(function, args[, kwargs]) ------------------------------------------------

PyObject* start_new_thread(PyObject* module, PyObject* const* call_args, Py_ssize_t nargs) {
    if (!_PyArg_CheckPositional("start_new_thread", nargs, 2, 3)) return nullptr;
    PyObject* function = call_args[0];
    PyObject* args = call_args[1];
    PyObject* kwargs = nargs == 3 ? call_args[2] : nullptr;
    const char* complaint = nullptr;
    if (!PyCallable_Check(function)) {
        complaint = "first arg must be callable";
    } else if (!PyTuple_Check(args)) {
        complaint = "2nd arg must be a tuple";
    } else if (kwargs != nullptr && !PyDict_Check(kwargs)) {
        complaint = "optional 3rd arg must be a dictionary";
    }
    if (complaint != nullptr) {
        PyErr_SetString(PyExc_TypeError, complaint);
        return nullptr;
    }
    if (PySys_Audit("_thread.start_new_thread", "OOO", function, args,
                    kwargs != nullptr ? kwargs : Py_None) < 0) {
        return nullptr;
    }

    ThreadHandle* handle = ThreadHandle::create();
    if (handle == nullptr) return nullptr;
    const bool started = start(state_of(module), function, args, kwargs, handle,
                               /*joinable=*/false, Daemon::yes);
    const PyThread_ident_t ident = handle->ident();
    handle->drop_ref();
    return started ? PyLong_FromUnsignedLongLong(ident) : nullptr;
}

constexpr char kStartNewThreadDoc[] =
    "start_new_thread($module, function, args, kwargs={}, /)\n--\n\n"
    "Start a thread that calls function(*args, **kwargs), and return its ident.\n"
    "\n"
    "The thread ends when the function returns; what it returns is dropped. An exception that the\n"
    "function does not handle goes to sys.unraisablehook(), which prints it, and ends this thread\n"
    "only. SystemExit ends it silently.";

constexpr char kStartNewDoc[] =
    "start_new($module, function, args, kwargs={}, /)\n--\n\n"
    "The old name of start_new_thread().";

// ---- start_joinable_thread(function, handle=None, daemon=True) ---------------------------------

PyObject* start_joinable_thread(PyObject* module, PyObject* const* call_args, Py_ssize_t nargs,
                                PyObject* kwnames) {
    static constexpr const char* kNames[] = {"function", "handle", "daemon"};
    PyObject* bound[] = {nullptr, Py_None, Py_True};
    if (!bind_arguments({"start_joinable_thread", kNames, /*required=*/1}, call_args, nargs,
                        kwnames, bound)) {
        return nullptr;
    }
    auto [function, handle_object, daemon_object] = bound;
    const int daemon = PyObject_IsTrue(daemon_object);
    if (daemon < 0) return nullptr;
    ModuleState& state = state_of(module);
    if (!PyCallable_Check(function)) {
        PyErr_SetString(PyExc_TypeError, "thread function must be callable");
        return nullptr;
    }
    if (handle_object != Py_None && !Py_IS_TYPE(handle_object, state.handle_type)) {
        PyErr_SetString(PyExc_TypeError, "'handle' must be a _ThreadHandle");
        return nullptr;
    }
    if (PySys_Audit("_thread.start_joinable_thread", "OiO", function, daemon, handle_object) < 0) {
        return nullptr;
    }

    Ref result = handle_object != Py_None ? Ref::borrowed(handle_object)
                                          : Ref(new_handle_object(state.handle_type));
    const Ref no_args(PyTuple_New(0));
    if (!result || !no_args) return nullptr;
    if (!start(state, function, no_args.get(), /*kwargs=*/nullptr, handle_of(result.get()),
               /*joinable=*/true, daemon ? Daemon::yes : Daemon::no)) {
        return nullptr;
    }
    return result.release();
}

constexpr char kStartJoinableThreadDoc[] =
    "start_joinable_thread($module, /, function, handle=None, daemon=True)\n--\n\n"
    "Start a thread that calls function(), and return its _ThreadHandle: the given one, which must\n"
    "be new, or one made for it. If daemon is false, the interpreter waits for the thread before it\n"
    "ends.\n"
    "\n"
    "For internal use. Use threading.Thread instead.";

PyObject* daemon_threads_allowed(PyObject*, PyObject*) {
    const PyInterpreterState* interp = _PyInterpreterState_GET();
    return PyBool_FromLong((interp->feature_flags & Py_RTFLAGS_DAEMON_THREADS) != 0);
}

constexpr char kDaemonThreadsAllowedDoc[] =
    "daemon_threads_allowed($module, /)\n--\n\n"
    "Tell whether the current interpreter lets threads be daemons.";

PyMethodDef functions[] = {
    {"start_new_thread", as_method(start_new_thread), METH_FASTCALL, kStartNewThreadDoc},
    {"start_new", as_method(start_new_thread), METH_FASTCALL, kStartNewDoc},
    {"start_joinable_thread", as_method(start_joinable_thread), METH_FASTCALL | METH_KEYWORDS,
     kStartJoinableThreadDoc},
    {"daemon_threads_allowed", as_method(daemon_threads_allowed), METH_NOARGS,
     kDaemonThreadsAllowedDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_start(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace heddle::thread_module

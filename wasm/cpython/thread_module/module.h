// The _thread module: its state, and the steps that fill it.
// SPDX-License-Identifier: MIT
//
// Words used in this folder
//   handle      a ThreadHandle: what is known about one thread, alive or ended (handle.h). Python
//               sees it through a _ThreadHandle object.
//   launch      everything a new thread needs to begin, on its way from start to the thread.
//   reap        to join or detach the core's thread, once, which gives up its ident.
//   detached    without the GIL (CPython's word for a thread state that is not attached).
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_MODULE_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_MODULE_H_

#include "cpython/cpython_internals.h"
#include "cpython/thread_module/shutdown_list.h"

namespace heddle::thread_module {

// One per interpreter. The types are strong references, visited by the garbage collector; all are
// set while the module is made and stay until it is cleared.
struct ModuleState {
    PyTypeObject* lock_type;
    PyTypeObject* local_type;
    PyTypeObject* local_token_type;
    PyTypeObject* handle_type;
    PyTypeObject* excepthook_args_type;
    ShutdownList shutdown_list;  // threads that _shutdown() waits for
};

extern PyModuleDef module_def;

inline ModuleState& state_of(PyObject* module) {
    return *static_cast<ModuleState*>(PyModule_GetState(module));
}

// Each step adds its names to the module. 0, or -1 with an exception set.
int add_lock(PyObject* module);        // lock, LockType, allocate_lock, allocate
int add_rlock(PyObject* module);       // RLock
int add_local(PyObject* module);       // _local
int add_handle(PyObject* module);      // _ThreadHandle, _make_thread_handle
int add_start(PyObject* module);       // start_new_thread, start_new, start_joinable_thread, ...
int add_shutdown(PyObject* module);    // _shutdown
int add_excepthook(PyObject* module);  // _excepthook, _ExceptHookArgs
int add_functions(PyObject* module);   // get_ident, exit, interrupt_main, stack_size, ...

// ---- Tables for CPython ---------------------------------------------------------------------

// A function in a PyMethodDef. CPython casts it back to its real type, which the flags name.
template <typename Result, typename... Args>
PyCFunction as_method(Result (*function)(Args...)) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

// A function in a PyType_Slot.
template <typename Result, typename... Args>
void* as_slot(Result (*function)(Args...)) {
    return reinterpret_cast<void*>(function);
}

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_MODULE_H_

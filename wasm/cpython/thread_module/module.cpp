// The _thread module: definition, life and death.
// SPDX-License-Identifier: MIT
//
// Replaces Modules/_threadmodule.o. Each interpreter has a module object, and types, of its own.
#include "cpython/thread_module/module.h"

#include <new>

namespace heddle::thread_module {
namespace {

constexpr char kDoc[] =
    "The primitives that multi-threaded programs are made of: threads and locks.\n"
    "\n"
    "Use the 'threading' module instead where you can; it is more convenient.";

int add_constants(PyObject* module) {
    // The exception for thread errors has been RuntimeError since Python 3.3.
    if (PyModule_AddObjectRef(module, "error", PyExc_RuntimeError) < 0) return -1;
    constexpr PyTime_t kNsPerSecond = 1'000'000'000;
    constexpr double kTimeoutMaxSeconds = static_cast<double>(PyTime_MAX / kNsPerSecond);
    return PyModule_Add(module, "TIMEOUT_MAX", PyFloat_FromDouble(kTimeoutMaxSeconds));
}

int module_exec(PyObject* module) {
    new (&state_of(module).shutdown_list) ShutdownList;
    PyThread_init_thread();

    constexpr int (*kSteps[])(PyObject*) = {
        add_constants, add_lock,     add_rlock,      add_local,     add_handle,
        add_start,     add_shutdown, add_excepthook, add_functions,
    };
    for (auto step : kSteps) {
        if (step(module) < 0) return -1;
    }
    return 0;
}

int module_traverse(PyObject* module, visitproc visit, void* arg) {
    ModuleState& state = state_of(module);
    Py_VISIT(state.lock_type);
    Py_VISIT(state.local_type);
    Py_VISIT(state.local_token_type);
    Py_VISIT(state.handle_type);
    Py_VISIT(state.excepthook_args_type);
    return 0;
}

int module_clear(PyObject* module) {
    ModuleState& state = state_of(module);
    Py_CLEAR(state.lock_type);
    Py_CLEAR(state.local_type);
    Py_CLEAR(state.local_token_type);
    Py_CLEAR(state.handle_type);
    Py_CLEAR(state.excepthook_args_type);
    // Threads that nobody waited for (an interrupted shutdown) must not look for the list later.
    state.shutdown_list.clear();
    return 0;
}

void module_free(void* module) { (void)module_clear(static_cast<PyObject*>(module)); }

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, as_slot(module_exec)},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, nullptr},
};

}  // namespace

PyModuleDef module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_thread",
    .m_doc = kDoc,
    .m_size = sizeof(ModuleState),
    .m_methods = nullptr,  // the steps add the functions
    .m_slots = slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

}  // namespace heddle::thread_module

extern "C" {

PyMODINIT_FUNC PyInit__thread(void) { return PyModuleDef_Init(&heddle::thread_module::module_def); }

// CPython calls this in the child after a fork. There is no fork() in WebAssembly.
void _PyThread_AfterFork(struct _pythread_runtime_state*) {}

}  // extern "C"

// The door: a module with which a Python program reads and writes all of the wasm memory, and calls every import.
// SPDX-License-Identifier: MIT
//
// Only the build for tests has it (python_for_tests). A hostile program needs no door: a code object made by hand
// does as much, but slower. The arguments of call() are cut to the import's types, and checked by nobody.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sys/random.h>
#include <unistd.h>
#include <wasi/api.h>

#include <tuple>
#include <utility>

#include "host/host.h"

extern "C" {

// Emscripten's own, which have no public header.
void __assert_fail(const char*, const char*, int, const char*);
double emscripten_date_now();
double emscripten_get_now();
double emscripten_get_now_res();
int emscripten_num_logical_cores();
void emscripten_force_exit(int);
int _Py_emscripten_runtime();
int _Py_CheckEmscriptenSignals_Helper();
void _emscripten_thread_set_strongref(void*);
int emscripten_runtime_keepalive_check();
int _emscripten_get_now_is_monotonic();
void emscripten_exit_with_live_runtime();
void _emscripten_init_main_thread_js(void*);
void _emscripten_thread_mailbox_await(void*);
double _emscripten_receive_on_main_thread_js(int, const void*, void*, int, const double*);
void emscripten_check_blocking_allowed();
int __pthread_create_js(void*, const void*, void* (*)(void*), void*);
void _emscripten_thread_cleanup(void*);
void emscripten_unwind_to_js_event_loop();
int emscripten_resize_heap(size_t);
size_t emscripten_get_heap_max();
void _emscripten_notify_mailbox_postmessage(void*, void*);
size_t _wasmfs_get_preloaded_file_size(int);
void _wasmfs_copy_preloaded_file_data(int, unsigned char*);
int _wasmfs_get_num_preloaded_files();
int _wasmfs_get_num_preloaded_dirs();
void _wasmfs_get_preloaded_parent_path(int, char*);
void emscripten_err(const char*);
void _wasmfs_get_preloaded_child_path(int, char*);
void _wasmfs_get_preloaded_path_name(int, char*);
int _wasmfs_get_preloaded_file_mode(int);
void _wasmfs_jsimpl_alloc_file(unsigned, unsigned);
int _wasmfs_jsimpl_get_size(unsigned, unsigned);
int _wasmfs_jsimpl_read(unsigned, unsigned, unsigned char*, size_t, long long);
int _wasmfs_jsimpl_write(unsigned, unsigned, const unsigned char*, size_t, long long);
int _wasmfs_jsimpl_set_size(unsigned, unsigned, long long);
void _wasmfs_jsimpl_free_file(unsigned, unsigned);

}  // extern "C"

namespace {

// A Python number as an argument of any type; pointers are addresses.
template <typename T>
T argument(PyObject* value) {
    if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(PyFloat_AsDouble(value));
    } else {
        const unsigned long long bits = PyLong_AsUnsignedLongLongMask(value);
        if constexpr (std::is_pointer_v<T>) {
            return reinterpret_cast<T>(static_cast<uintptr_t>(bits));
        } else {
            return static_cast<T>(bits);
        }
    }
}

template <typename T>
PyObject* result(T value) {
    if constexpr (std::is_floating_point_v<T>) {
        return PyFloat_FromDouble(value);
    } else if constexpr (std::is_pointer_v<T>) {
        return PyLong_FromVoidPtr(const_cast<void*>(static_cast<const void*>(value)));
    } else {
        return PyLong_FromLongLong(static_cast<long long>(value));
    }
}

template <typename Result, typename... Arguments, size_t... Index>
PyObject* call(Result (*import)(Arguments...), PyObject* values, std::index_sequence<Index...>) {
    const std::tuple<Arguments...> arguments{
        argument<Arguments>(PyTuple_GET_ITEM(values, Index + 1))...};
    if (PyErr_Occurred()) return nullptr;
    PyThreadState* const released = PyEval_SaveThread();
    if constexpr (std::is_void_v<Result>) {
        std::apply(import, arguments);
        PyEval_RestoreThread(released);
        Py_RETURN_NONE;
    } else {
        const Result value = std::apply(import, arguments);
        PyEval_RestoreThread(released);
        return result(value);
    }
}

template <typename Result, typename... Arguments>
PyObject* call(Result (*import)(Arguments...), PyObject* values) {
    return call(import, values, std::index_sequence_for<Arguments...>());
}

template <typename Result, typename... Arguments>
constexpr Py_ssize_t count_of(Result (*)(Arguments...)) {
    return sizeof...(Arguments);
}

struct Import {
    const char* name;
    Py_ssize_t arguments;
    PyObject* (*call)(PyObject* values);
};

#define HEDDLE_IMPORT(function) \
    {#function, count_of(function), [](PyObject* values) { return call(function, values); }}

// run.js compares these with the imports that python.wasm has.
constexpr Import kImports[] = {
    HEDDLE_IMPORT(heddle_host_notify),
    HEDDLE_IMPORT(heddle_host_use_up_stack),
    HEDDLE_IMPORT(heddle_host_open_folder),
    HEDDLE_IMPORT(heddle_host_open),
    HEDDLE_IMPORT(heddle_host_close),
    HEDDLE_IMPORT(heddle_host_pread),
    HEDDLE_IMPORT(heddle_host_pwrite),
    HEDDLE_IMPORT(heddle_host_ftruncate),
    HEDDLE_IMPORT(heddle_host_fsync),
    HEDDLE_IMPORT(heddle_host_fstat),
    HEDDLE_IMPORT(heddle_host_stat),
    HEDDLE_IMPORT(heddle_host_readdir),
    HEDDLE_IMPORT(heddle_host_mkdir),
    HEDDLE_IMPORT(heddle_host_rmdir),
    HEDDLE_IMPORT(heddle_host_unlink),
    HEDDLE_IMPORT(heddle_host_rename),
    HEDDLE_IMPORT(heddle_host_symlink),
    HEDDLE_IMPORT(heddle_host_readlink),
    HEDDLE_IMPORT(heddle_host_chmod),
    HEDDLE_IMPORT(heddle_host_utimes),
    HEDDLE_IMPORT(heddle_host_time_zone),
    HEDDLE_IMPORT(__assert_fail),
    HEDDLE_IMPORT(emscripten_date_now),
    HEDDLE_IMPORT(getentropy),
    HEDDLE_IMPORT(exit),
    HEDDLE_IMPORT(emscripten_get_now),
    HEDDLE_IMPORT(emscripten_num_logical_cores),
    HEDDLE_IMPORT(emscripten_force_exit),
    HEDDLE_IMPORT(_Py_emscripten_runtime),
    HEDDLE_IMPORT(_Py_CheckEmscriptenSignals_Helper),
    HEDDLE_IMPORT(_emscripten_thread_set_strongref),
    HEDDLE_IMPORT(emscripten_runtime_keepalive_check),
    {"environ_sizes_get", 2,
     [](PyObject* values) { return call(__wasi_environ_sizes_get, values); }},
    {"environ_get", 2, [](PyObject* values) { return call(__wasi_environ_get, values); }},
    HEDDLE_IMPORT(_emscripten_get_now_is_monotonic),
    HEDDLE_IMPORT(emscripten_get_now_res),
    HEDDLE_IMPORT(emscripten_exit_with_live_runtime),
    HEDDLE_IMPORT(_emscripten_init_main_thread_js),
    HEDDLE_IMPORT(_emscripten_thread_mailbox_await),
    HEDDLE_IMPORT(_emscripten_receive_on_main_thread_js),
    HEDDLE_IMPORT(emscripten_check_blocking_allowed),
    HEDDLE_IMPORT(__pthread_create_js),
    HEDDLE_IMPORT(_emscripten_thread_cleanup),
    HEDDLE_IMPORT(emscripten_unwind_to_js_event_loop),
    HEDDLE_IMPORT(emscripten_resize_heap),
    HEDDLE_IMPORT(emscripten_get_heap_max),
    HEDDLE_IMPORT(_emscripten_notify_mailbox_postmessage),
    HEDDLE_IMPORT(_wasmfs_get_preloaded_file_size),
    HEDDLE_IMPORT(_wasmfs_copy_preloaded_file_data),
    HEDDLE_IMPORT(_wasmfs_get_num_preloaded_files),
    HEDDLE_IMPORT(_wasmfs_get_num_preloaded_dirs),
    HEDDLE_IMPORT(_wasmfs_get_preloaded_parent_path),
    HEDDLE_IMPORT(emscripten_err),
    HEDDLE_IMPORT(_wasmfs_get_preloaded_child_path),
    HEDDLE_IMPORT(_wasmfs_get_preloaded_path_name),
    HEDDLE_IMPORT(_wasmfs_get_preloaded_file_mode),
    HEDDLE_IMPORT(_wasmfs_jsimpl_alloc_file),
    HEDDLE_IMPORT(_wasmfs_jsimpl_get_size),
    HEDDLE_IMPORT(_wasmfs_jsimpl_read),
    HEDDLE_IMPORT(_wasmfs_jsimpl_write),
    HEDDLE_IMPORT(_wasmfs_jsimpl_set_size),
    HEDDLE_IMPORT(_wasmfs_jsimpl_free_file),
};

PyObject* door_imports(PyObject*, PyObject*) {
    PyObject* counts = PyDict_New();
    for (const Import& import : kImports) {
        PyObject* count = PyLong_FromSsize_t(import.arguments);
        PyDict_SetItemString(counts, import.name, count);
        Py_DECREF(count);
    }
    return counts;
}

PyObject* door_call(PyObject*, PyObject* values) {
    const char* name =
        PyTuple_GET_SIZE(values) > 0 ? PyUnicode_AsUTF8(PyTuple_GET_ITEM(values, 0)) : "";
    if (name == nullptr) return nullptr;
    for (const Import& import : kImports) {
        if (strcmp(import.name, name) != 0) continue;
        if (PyTuple_GET_SIZE(values) == import.arguments + 1) return import.call(values);
        return PyErr_Format(PyExc_TypeError, "%s takes %zd arguments", name, import.arguments);
    }
    return PyErr_Format(PyExc_LookupError, "no import %s", name);
}

// memory(): a memoryview of all that there is, for reading and writing.
PyObject* door_memory(PyObject*, PyObject*) {
    const auto size = static_cast<Py_ssize_t>(__builtin_wasm_memory_size(0)) << 16;
    const Py_ssize_t most = PY_SSIZE_T_MAX;
    return PyMemoryView_FromMemory(nullptr, size < 0 ? most : size, PyBUF_WRITE);
}

PyMethodDef g_methods[] = {
    {"imports", door_imports, METH_NOARGS,
     "All imports by name, with the number of their arguments."},
    {"call", door_call, METH_VARARGS, "call(name, *numbers): calls an import."},
    {"memory", door_memory, METH_NOARGS, "A view of the wasm memory: up to 2 GiB of it."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef g_module = {PyModuleDef_HEAD_INIT,
                        "_heddle_door",
                        nullptr,
                        -1,
                        g_methods,
                        nullptr,
                        nullptr,
                        nullptr,
                        nullptr};

PyObject* init_door() { return PyModule_Create(&g_module); }

[[gnu::constructor]] void add_door() { PyImport_AppendInittab("_heddle_door", init_door); }

}  // namespace

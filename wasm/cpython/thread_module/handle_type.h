// _ThreadHandle: making its objects and looking inside.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_TYPE_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_TYPE_H_

#include "cpython/cpython_internals.h"
#include "cpython/thread_module/handle.h"

namespace heddle::thread_module {

// A new _ThreadHandle around a new handle; null with an exception set.
PyObject* new_handle_object(PyTypeObject* handle_type);

// The handle inside a _ThreadHandle, which keeps its reference.
ThreadHandle* handle_of(PyObject* handle_object);

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_TYPE_H_

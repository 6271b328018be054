// Thread name: what a thread that runs a given function is called in the core's thread table.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_THREAD_NAME_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_THREAD_NAME_H_

#include "cpython/thread_module/ref.h"

namespace heddle::thread_module {

// The name of the threading.Thread whose method `function` is, else the function's qualified name;
// a str, or empty when there is neither. Never sets an exception.
Ref thread_name(PyObject* function);

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_THREAD_NAME_H_

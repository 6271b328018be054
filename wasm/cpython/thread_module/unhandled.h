// Unhandled: reports an exception that ended a thread.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_UNHANDLED_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_UNHANDLED_H_

#include "cpython/cpython_internals.h"

namespace heddle::thread_module {

// Hands the exception that is set to sys.unraisablehook, with `function`, which the thread ran, as
// the hook argument's object. Clears the exception.
void report_unhandled(PyObject* function);

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_UNHANDLED_H_

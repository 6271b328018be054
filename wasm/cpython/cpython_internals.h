// CPython's internal headers for C++: one place that says which of them our objects depend on.
// SPDX-License-Identifier: MIT
//
// The headers are C. They compile as C++20 inside extern "C"; include this file before any other
// header that might include Python.h.
#ifndef HEDDLE_WASM_CPYTHON_INTERNALS_H_
#define HEDDLE_WASM_CPYTHON_INTERNALS_H_

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif

extern "C" {
#include <Python.h>

#include "pycore_interp.h"       // threads.count, threads.stacksize, feature_flags
#include "pycore_modsupport.h"   // _PyArg_CheckPositional, _PyArg_NoKeywords
#include "pycore_object.h"       // _PyObject_Generic{Get,Set}AttrWithDict
#include "pycore_parking_lot.h"  // Py_PARK_*
#include "pycore_pyerrors.h"     // _PyErr_Display
#include "pycore_pylifecycle.h"  // _PyErr_WriteUnraisableDefaultHook
#include "pycore_pystate.h"      // _PyThreadState_*
#include "pycore_pythread.h"     // PyThread_ident_t, PyThread_handle_t
#include "pycore_runtime.h"      // _PyRuntime
#include "pycore_semaphore.h"    // _PySemaphore
#include "pycore_structseq.h"    // _PyStructSequence_InitBuiltin
#include "pycore_sysmodule.h"    // _PySys_GetOptionalAttr
#include "pycore_time.h"         // _PyTime_FromSecondsObject

// CPython declares this one only for the platforms that it knows to have native ids.
#ifndef PY_HAVE_THREAD_NATIVE_ID
unsigned long PyThread_get_thread_native_id(void);
#endif
}

#endif  // HEDDLE_WASM_CPYTHON_INTERNALS_H_

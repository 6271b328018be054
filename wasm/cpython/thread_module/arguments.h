// Arguments: sorts a vectorcall's positional and keyword arguments into named parameters.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_ARGUMENTS_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_ARGUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "cpython/cpython_internals.h"
#include "heddle/heddle.h"

namespace heddle::thread_module {

struct Signature {
    const char* function;
    std::span<const char* const> names;
    size_t required = 0;  // the first so many parameters have no default
};

// Stores a borrowed reference for each parameter; those that were not given keep what is there.
// `bound` has one place for each name. False if the call does not fit, with CPython's TypeError
// set.
bool bind_arguments(const Signature& signature, PyObject* const* args, Py_ssize_t nargs,
                    PyObject* kwnames, std::span<PyObject*> bound);

// At most `max` positional arguments, no keywords. False with CPython's TypeError set.
bool check_at_most(const char* function, Py_ssize_t nargs, Py_ssize_t max);

// What acquire(blocking=True, timeout=-1) was called with.
struct AcquireArguments {
    bool ok;             // false: an exception is set
    int64_t timeout_ns;  // 0: try only; negative: forever
};
AcquireArguments parse_acquire(PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);

// The same, quick for a call without arguments.
inline AcquireArguments acquire_arguments(PyObject* const* args, Py_ssize_t nargs,
                                          PyObject* kwnames) {
    if (nargs == 0 && kwnames == nullptr) return {.ok = true, .timeout_ns = HEDDLE_FOREVER};
    return parse_acquire(args, nargs, kwnames);
}

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_ARGUMENTS_H_

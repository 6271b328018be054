// Arguments: binding, and the words of its errors, which are those of PyArg_ParseTupleAndKeywords.
// SPDX-License-Identifier: MIT
#include "cpython/thread_module/arguments.h"

#include <algorithm>

namespace heddle::thread_module {
namespace {

bool fail_too_many(const Signature& signature, Py_ssize_t nargs, Py_ssize_t nkeywords) {
    const size_t max = signature.names.size();
    PyErr_Format(PyExc_TypeError, "%.200s() takes %s %zu %sargument%s (%zd given)",
                 signature.function, signature.required < max ? "at most" : "exactly", max,
                 nargs == 0 ? "keyword " : "", max == 1 ? "" : "s", nargs + nkeywords);
    return false;
}

// Where the keyword is in kwnames, or -1.
Py_ssize_t find_keyword(PyObject* kwnames, Py_ssize_t nkeywords, const char* name) {
    for (Py_ssize_t i = 0; i < nkeywords; ++i) {
        if (PyUnicode_EqualToUTF8(PyTuple_GET_ITEM(kwnames, i), name)) return i;
    }
    return -1;
}

// Reports the first keyword that is no parameter's name.
bool fail_unexpected_keyword(const Signature& signature, PyObject* kwnames, Py_ssize_t nkeywords) {
    for (Py_ssize_t i = 0; i < nkeywords; ++i) {
        PyObject* keyword = PyTuple_GET_ITEM(kwnames, i);
        const bool known = std::ranges::any_of(signature.names, [keyword](const char* name) {
            return PyUnicode_EqualToUTF8(keyword, name) != 0;
        });
        if (known) continue;
        PyErr_Format(PyExc_TypeError, "%.200s() got an unexpected keyword argument '%S'",
                     signature.function, keyword);
        break;
    }
    return false;
}

}  // namespace

bool bind_arguments(const Signature& signature, PyObject* const* args, Py_ssize_t nargs,
                    PyObject* kwnames, std::span<PyObject*> bound) {
    const Py_ssize_t nkeywords = kwnames != nullptr ? PyTuple_GET_SIZE(kwnames) : 0;
    const auto max = static_cast<Py_ssize_t>(signature.names.size());
    if (nargs + nkeywords > max) return fail_too_many(signature, nargs, nkeywords);

    Py_ssize_t keywords_used = 0;
    for (size_t i = 0; i < signature.names.size(); ++i) {
        const char* name = signature.names[i];
        const auto position = static_cast<Py_ssize_t>(i);
        const Py_ssize_t keyword = find_keyword(kwnames, nkeywords, name);
        if (position < nargs) {
            if (keyword >= 0) {
                PyErr_Format(PyExc_TypeError,
                             "argument for %.200s() given by name ('%s') and position (%zd)",
                             signature.function, name, position + 1);
                return false;
            }
            bound[i] = args[i];
        } else if (keyword >= 0) {
            bound[i] = args[nargs + keyword];
            ++keywords_used;
        } else if (i < signature.required) {
            PyErr_Format(PyExc_TypeError, "%.200s() missing required argument '%s' (pos %zd)",
                         signature.function, name, position + 1);
            return false;
        }
    }
    if (keywords_used < nkeywords) return fail_unexpected_keyword(signature, kwnames, nkeywords);
    return true;
}

bool check_at_most(const char* function, Py_ssize_t nargs, Py_ssize_t max) {
    if (nargs <= max) return true;
    PyErr_Format(PyExc_TypeError, "%.200s() takes at most %zd argument%s (%zd given)", function,
                 max, max == 1 ? "" : "s", nargs);
    return false;
}

AcquireArguments parse_acquire(PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
    constexpr AcquireArguments kError = {.ok = false, .timeout_ns = 0};
    static constexpr const char* kNames[] = {"blocking", "timeout"};
    PyObject* bound[] = {Py_True, nullptr};
    if (!bind_arguments({"acquire", kNames}, args, nargs, kwnames, bound)) return kError;

    const int blocking = PyObject_IsTrue(bound[0]);
    if (blocking < 0) return kError;
    PyTime_t timeout_ns = PyThread_UNSET_TIMEOUT;
    if (bound[1] != nullptr &&
        _PyTime_FromSecondsObject(&timeout_ns, bound[1], _PyTime_ROUND_TIMEOUT) < 0) {
        return kError;
    }
    if (timeout_ns == PyThread_UNSET_TIMEOUT) {
        return {.ok = true, .timeout_ns = blocking ? HEDDLE_FOREVER : 0};
    }
    if (!blocking) {
        PyErr_SetString(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
        return kError;
    }
    if (timeout_ns < 0) {
        PyErr_SetString(PyExc_ValueError, "timeout value must be a non-negative number");
        return kError;
    }
    if (_PyTime_AsMicroseconds(timeout_ns, _PyTime_ROUND_TIMEOUT) > PY_TIMEOUT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
        return kError;
    }
    return {.ok = true, .timeout_ns = timeout_ns};
}

}  // namespace heddle::thread_module

// Thread name: looking it up.
// SPDX-License-Identifier: MIT
#include "cpython/thread_module/thread_name.h"

namespace heddle::thread_module {
namespace {

// The attribute if it is there and a str. Plain lookup: a user's __getattr__ is not called.
Ref string_attribute(PyObject* object, const char* name) {
    const Ref key(PyUnicode_InternFromString(name));
    Ref value(key ? PyObject_GenericGetAttr(object, key.get()) : nullptr);
    if (!value) PyErr_Clear();
    if (value && !PyUnicode_Check(value.get())) return Ref();
    return value;
}

}  // namespace

Ref thread_name(PyObject* function) {
    if (PyMethod_Check(function)) {
        Ref name = string_attribute(PyMethod_GET_SELF(function), "_name");
        if (name) return name;
        function = PyMethod_GET_FUNCTION(function);
    }
    return string_attribute(function, "__qualname__");
}

}  // namespace heddle::thread_module

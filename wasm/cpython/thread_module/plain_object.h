// Plain object: code for types whose objects hold no reference but the one to their type.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_PLAIN_OBJECT_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_PLAIN_OBJECT_H_

#include "cpython/cpython_internals.h"

namespace heddle::thread_module {

inline int traverse_plain(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    return 0;
}

// The last step of a tp_dealloc: frees the object, and lets go of its type.
inline void free_object(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

// tp_dealloc for objects with nothing inside to release, but with weak references to them.
inline void dealloc_plain(PyObject* self) {
    PyObject_GC_UnTrack(self);
    PyObject_ClearWeakRefs(self);
    free_object(self);
}

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_PLAIN_OBJECT_H_

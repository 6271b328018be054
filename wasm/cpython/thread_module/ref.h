// Ref: owns one reference to a Python object.
// SPDX-License-Identifier: MIT
//
// A Ref may live across a call that can end the thread (finalization): its reference then leaks,
// as everything else of that thread does.
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_REF_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_REF_H_

#include <utility>

#include "cpython/cpython_internals.h"

namespace heddle::thread_module {

class Ref {
  public:
    Ref() = default;
    // Takes over a new reference, as most of CPython's functions return; null is an empty Ref.
    explicit Ref(PyObject* owned) : object_(owned) {}
    Ref(Ref&& other) noexcept : object_(other.release()) {}
    Ref& operator=(Ref&& other) noexcept {
        Ref old(std::exchange(object_, other.release()));
        return *this;
    }
    ~Ref() { Py_XDECREF(object_); }

    // A further reference to a borrowed object.
    static Ref borrowed(PyObject* object) { return Ref(Py_XNewRef(object)); }

    PyObject* get() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }
    // Gives the reference away.
    [[nodiscard]] PyObject* release() { return std::exchange(object_, nullptr); }
    // For functions that store a new reference through a pointer. The Ref must be empty.
    PyObject** out() { return &object_; }

  private:
    PyObject* object_ = nullptr;
};

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_REF_H_

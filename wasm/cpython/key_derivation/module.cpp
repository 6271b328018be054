// The module _heddle_keys: what wasm/session/_hashlib.py makes hashlib's pbkdf2_hmac() and scrypt() of.
// SPDX-License-Identifier: MIT
//
// The arguments have been checked there. The interpreter's lock is given up while a key is made.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "cpython/key_derivation/functions.h"

namespace heddle::key_derivation {
namespace {

Bytes bytes_of(const Py_buffer& buffer) {
    return {static_cast<const uint8_t*>(buffer.buf), static_cast<size_t>(buffer.len)};
}

std::span<uint8_t> room_of(PyObject* bytes) {
    return {reinterpret_cast<uint8_t*>(PyBytes_AS_STRING(bytes)),
            static_cast<size_t>(PyBytes_GET_SIZE(bytes))};
}

// digest_size(name): or None, for a hash that is not known here.
PyObject* digest_size(PyObject*, PyObject* name) {
    const char* text = PyUnicode_AsUTF8(name);
    if (text == nullptr) return nullptr;
    const HashFunction* hash = find_hash(text);
    if (hash == nullptr) Py_RETURN_NONE;
    return PyLong_FromSize_t(hash->digest_bytes);
}

// pbkdf2(name, password, salt, iterations, size)
PyObject* pbkdf2(PyObject*, PyObject* arguments) {
    const char* name;
    Py_buffer password, salt;
    unsigned long iterations;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(arguments, "sy*y*kn", &name, &password, &salt, &iterations, &size))
        return nullptr;
    PyObject* key = PyBytes_FromStringAndSize(nullptr, size);
    if (key != nullptr) {
        Py_BEGIN_ALLOW_THREADS;
        pbkdf2(*find_hash(name), bytes_of(password), bytes_of(salt),
               static_cast<uint32_t>(iterations), room_of(key));
        Py_END_ALLOW_THREADS;
    }
    PyBuffer_Release(&password);
    PyBuffer_Release(&salt);
    return key;
}

// scrypt_memory(n, r, p): the bytes that it takes; huge for parameters that cannot be.
PyObject* scrypt_memory(PyObject*, PyObject* arguments) {
    ScryptCost cost;
    if (!PyArg_ParseTuple(arguments, "KKK", &cost.n, &cost.r, &cost.p)) return nullptr;
    return PyLong_FromUnsignedLongLong(scrypt_memory(cost));
}

// scrypt(password, salt, n, r, p, size)
PyObject* scrypt(PyObject*, PyObject* arguments) {
    Py_buffer password, salt;
    ScryptCost cost;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(arguments, "y*y*KKKn", &password, &salt, &cost.n, &cost.r, &cost.p,
                          &size))
        return nullptr;
    PyObject* key = PyBytes_FromStringAndSize(nullptr, size);
    bool done = false;
    if (key != nullptr) {
        Py_BEGIN_ALLOW_THREADS;
        done = scrypt(bytes_of(password), bytes_of(salt), cost, room_of(key));
        Py_END_ALLOW_THREADS;
        if (!done) {
            Py_CLEAR(key);
            PyErr_NoMemory();
        }
    }
    PyBuffer_Release(&password);
    PyBuffer_Release(&salt);
    return key;
}

PyMethodDef g_methods[] = {
    {"digest_size", digest_size, METH_O, nullptr},
    {"pbkdf2", pbkdf2, METH_VARARGS, nullptr},
    {"scrypt_memory", scrypt_memory, METH_VARARGS, nullptr},
    {"scrypt", scrypt, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot g_slots[] = {
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, nullptr},
};

PyModuleDef g_module = {PyModuleDef_HEAD_INIT,
                        "_heddle_keys",
                        nullptr,
                        0,
                        g_methods,
                        g_slots,
                        nullptr,
                        nullptr,
                        nullptr};

}  // namespace
}  // namespace heddle::key_derivation

PyMODINIT_FUNC PyInit__heddle_keys(void) {
    return PyModuleDef_Init(&heddle::key_derivation::g_module);
}

// urllib3.contrib.emscripten: the module that urllib3 asks to take its connections over, and that takes none.
// SPDX-License-Identifier: MIT
//
// urllib3 takes every Emscripten for Pyodide, and its own module of this name wants Pyodide's `js`. A built-in
// module is found before one in a folder, so urllib3 stays with its sockets, as on other systems. It is in no list
// of built-in modules: who imports all of these would look for urllib3.
#include <Python.h>

#include "program/urllib3.h"

namespace {

PyObject* inject_into_urllib3(PyObject*, PyObject*) { Py_RETURN_NONE; }

PyMethodDef functions[] = {
    {"inject_into_urllib3", inject_into_urllib3, METH_NOARGS,
     "inject_into_urllib3($module, /)\n--\n\nDo nothing: connections are urllib3's own here."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module = {PyModuleDef_HEAD_INIT,
                      HEDDLE_URLLIB3_MODULE,
                      nullptr,
                      0,
                      functions,
                      nullptr,
                      nullptr,
                      nullptr,
                      nullptr};

}  // namespace

int heddle_hide_urllib3_module() {
    PyObject* names = PySys_GetObject("builtin_module_names");  // borrowed
    if (names == nullptr || !PyTuple_Check(names)) return 0;
    PyObject* others = PyList_New(0);
    if (others == nullptr) return -1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject* name = PyTuple_GET_ITEM(names, i);
        const bool is_it = PyUnicode_CompareWithASCIIString(name, HEDDLE_URLLIB3_MODULE) == 0;
        if (!is_it && PyList_Append(others, name) < 0) {
            Py_DECREF(others);
            return -1;
        }
    }
    PyObject* tuple = PyList_AsTuple(others);
    Py_DECREF(others);
    const int result = tuple != nullptr ? PySys_SetObject("builtin_module_names", tuple) : -1;
    Py_XDECREF(tuple);
    return result;
}

extern "C" PyObject* PyInit_urllib3_contrib_emscripten() { return PyModuleDef_Init(&module); }

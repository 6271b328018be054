// urllib3.contrib.emscripten: the module that urllib3 asks to take its connections over, and that takes none.
// SPDX-License-Identifier: MIT
//
// urllib3 takes every Emscripten for Pyodide, and its own module of this name wants Pyodide's `js`. A built-in
// module is found before one in a folder, so urllib3 stays with its sockets, as on other systems.
#include <Python.h>

#include "program/urllib3.h"

namespace {

PyObject* inject_into_urllib3(PyObject*, PyObject*) { Py_RETURN_NONE; }

PyMethodDef functions[] = {
    {"inject_into_urllib3", inject_into_urllib3, METH_NOARGS,
     "inject_into_urllib3($module, /)\n--\n\nDo nothing: connections are urllib3's own here."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module = {PyModuleDef_HEAD_INIT, HEDDLE_URLLIB3_MODULE, nullptr, 0, functions,
                      nullptr,               nullptr,               nullptr, nullptr};

}  // namespace

extern "C" PyObject* PyInit_urllib3_contrib_emscripten() { return PyModuleDef_Init(&module); }

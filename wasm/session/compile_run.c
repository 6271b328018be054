// Compile run: the code of a run, parsed once and compiled twice, on the parser's own tree.
// SPDX-License-Identifier: MIT
//
// The module ast would do, but its import makes 120 types, and each tree as many objects as it has
// nodes: that would delay the first run of every session. (C, because CPython's header of the
// compiler does not compile as C++.)
#include "session/compile_run.h"

#include "pycore_ast.h"        // mod_ty, _PyAST_Expression
#include "pycore_compile.h"    // _PyAST_Compile
#include "pycore_parser.h"     // _PyParser_ASTFromString
#include "pycore_pyarena.h"    // _PyArena_New
#include "pycore_pythonrun.h"  // _Py_SourceAsString

// Of optimization: the interpreter's own.
#define SAME_LEVEL (-1)

// Takes the last statement out of the module if it is an expression, which it gives.
static expr_ty take_last_expression(mod_ty tree) {
    asdl_stmt_seq* body = tree->v.Module.body;
    const Py_ssize_t count = asdl_seq_LEN(body);
    if (count == 0) return NULL;
    stmt_ty last = asdl_seq_GET(body, count - 1);
    if (last->kind != Expr_kind) return NULL;
    body->size = count - 1;
    return last->v.Expr.value;
}

static PyObject* compile_in(PyArena* arena, const char* text, PyObject* filename,
                            PyCompilerFlags* flags) {
    mod_ty tree = _PyParser_ASTFromString(text, filename, Py_file_input, flags, arena);
    if (tree == NULL) {
        // CPython's tokenizer sets no exception where memory is out.
        if (!PyErr_Occurred()) PyErr_NoMemory();
        return NULL;
    }
    expr_ty last = take_last_expression(tree);
    PyObject* body = (PyObject*)_PyAST_Compile(tree, filename, flags, SAME_LEVEL, arena);
    if (body == NULL) return NULL;
    if (last == NULL) return Py_BuildValue("(NO)", body, Py_None);
    // The flags now include what the body's "from __future__ import" asks for.
    mod_ty expression = _PyAST_Expression(last, arena);
    PyObject* value = NULL;
    if (expression != NULL) {
        value = (PyObject*)_PyAST_Compile(expression, filename, flags, SAME_LEVEL, arena);
    }
    if (value == NULL) {
        Py_DECREF(body);
        return NULL;
    }
    return Py_BuildValue("(NN)", body, value);
}

static PyObject* compile_source(PyObject* source, PyObject* filename) {
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = PyCF_SOURCE_IS_UTF8;
    PyObject* copy = NULL;
    const char* text = _Py_SourceAsString(source, "compile", "string", &flags, &copy);
    if (text == NULL) return NULL;
    PyArena* arena = _PyArena_New();
    PyObject* program = NULL;
    if (arena != NULL) {
        program = compile_in(arena, text, filename, &flags);
        _PyArena_Free(arena);
    }
    Py_XDECREF(copy);
    return program;
}

PyObject* heddle_compile_program(PyObject* Py_UNUSED(module), PyObject* args) {
    PyObject* source = NULL;
    PyObject* filename = NULL;
    if (!PyArg_ParseTuple(args, "OO&:compile_program", &source, PyUnicode_FSDecoder, &filename)) {
        return NULL;
    }
    PyObject* program = NULL;
    if (PySys_Audit("compile", "OO", source, filename) == 0) {
        program = compile_source(source, filename);
    }
    Py_DECREF(filename);
    return program;
}

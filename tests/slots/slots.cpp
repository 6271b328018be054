// The functions that CPython calls by pointer, of each type and module that is loaded, with the types it calls them by.
// SPDX-License-Identifier: MIT
//
// Only the build for tests has this module. Natively a function that is called through a pointer of another type
// mostly works; in wasm it traps. Tables of slots are filled by casts to void*, which no compiler checks. So check.js
// looks each of these pointers up in python.wasm: they are indices of its table, whose functions have types.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstdint>

namespace {

// Adds (owner, slot, index, type) to a list; types as check.js writes wasm's: i for i32, j, f, d, and v for nothing.
class Slots {
  public:
    explicit Slots(PyObject* list) : list_(list) {}

    template <typename Function>
    void add(const char* owner, const char* slot, Function function, const char* type) {
        const auto index = reinterpret_cast<uintptr_t>(function);
        if (index == 0) return;
        PyObject* entry =
            Py_BuildValue("(ssns)", owner, slot, static_cast<Py_ssize_t>(index), type);
        if (entry == nullptr) {
            PyErr_Clear();
            return;
        }
        PyList_Append(list_, entry);
        Py_DECREF(entry);
    }

    void add_methods(const char* owner, const PyMethodDef* method) {
        for (; method != nullptr && method->ml_name != nullptr; method++) {
            const char* type = type_of_call(method->ml_flags);
            if (type != nullptr) add(owner, method->ml_name, method->ml_meth, type);
        }
    }

    void add_getset(const char* owner, const PyGetSetDef* member) {
        for (; member != nullptr && member->name != nullptr; member++) {
            add(owner, member->name, member->get, "i(ii)");
            add(owner, member->name, member->set, "i(iii)");
        }
    }

    void add_type(const PyTypeObject* type);
    void add_module(const PyModuleDef* module);

  private:
    static const char* type_of_call(int flags) {
        switch (flags & (METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O | METH_FASTCALL |
                         METH_METHOD)) {
            case METH_VARARGS:
            case METH_NOARGS:
            case METH_O:
                return "i(ii)";
            case METH_VARARGS | METH_KEYWORDS:
            case METH_FASTCALL:
                return "i(iii)";
            case METH_FASTCALL | METH_KEYWORDS:
                return "i(iiii)";
            case METH_METHOD | METH_FASTCALL | METH_KEYWORDS:
                return "i(iiiii)";
            default:
                return nullptr;
        }
    }

    PyObject* list_;
};

#define SLOT(table, name, type) add(owner, #name, (table)->name, type)

void Slots::add_type(const PyTypeObject* type) {
    const char* owner = type->tp_name;
    SLOT(type, tp_dealloc, "v(i)");
    SLOT(type, tp_getattr, "i(ii)");
    SLOT(type, tp_setattr, "i(iii)");
    SLOT(type, tp_repr, "i(i)");
    SLOT(type, tp_hash, "i(i)");
    SLOT(type, tp_call, "i(iii)");
    SLOT(type, tp_str, "i(i)");
    SLOT(type, tp_getattro, "i(ii)");
    SLOT(type, tp_setattro, "i(iii)");
    SLOT(type, tp_traverse, "i(iii)");
    SLOT(type, tp_clear, "i(i)");
    SLOT(type, tp_richcompare, "i(iii)");
    SLOT(type, tp_iter, "i(i)");
    SLOT(type, tp_iternext, "i(i)");
    SLOT(type, tp_descr_get, "i(iii)");
    SLOT(type, tp_descr_set, "i(iii)");
    SLOT(type, tp_init, "i(iii)");
    SLOT(type, tp_alloc, "i(ii)");
    SLOT(type, tp_new, "i(iii)");
    SLOT(type, tp_free, "v(i)");
    SLOT(type, tp_is_gc, "i(i)");
    SLOT(type, tp_del, "v(i)");
    SLOT(type, tp_finalize, "v(i)");
    SLOT(type, tp_vectorcall, "i(iiii)");
    if (const PyAsyncMethods* async = type->tp_as_async) {
        SLOT(async, am_await, "i(i)");
        SLOT(async, am_aiter, "i(i)");
        SLOT(async, am_anext, "i(i)");
        SLOT(async, am_send, "i(iii)");
    }
    if (const PyNumberMethods* number = type->tp_as_number) {
        SLOT(number, nb_add, "i(ii)");
        SLOT(number, nb_subtract, "i(ii)");
        SLOT(number, nb_multiply, "i(ii)");
        SLOT(number, nb_remainder, "i(ii)");
        SLOT(number, nb_divmod, "i(ii)");
        SLOT(number, nb_power, "i(iii)");
        SLOT(number, nb_negative, "i(i)");
        SLOT(number, nb_positive, "i(i)");
        SLOT(number, nb_absolute, "i(i)");
        SLOT(number, nb_bool, "i(i)");
        SLOT(number, nb_invert, "i(i)");
        SLOT(number, nb_lshift, "i(ii)");
        SLOT(number, nb_rshift, "i(ii)");
        SLOT(number, nb_and, "i(ii)");
        SLOT(number, nb_xor, "i(ii)");
        SLOT(number, nb_or, "i(ii)");
        SLOT(number, nb_int, "i(i)");
        SLOT(number, nb_float, "i(i)");
        SLOT(number, nb_inplace_add, "i(ii)");
        SLOT(number, nb_inplace_subtract, "i(ii)");
        SLOT(number, nb_inplace_multiply, "i(ii)");
        SLOT(number, nb_inplace_remainder, "i(ii)");
        SLOT(number, nb_inplace_power, "i(iii)");
        SLOT(number, nb_inplace_lshift, "i(ii)");
        SLOT(number, nb_inplace_rshift, "i(ii)");
        SLOT(number, nb_inplace_and, "i(ii)");
        SLOT(number, nb_inplace_xor, "i(ii)");
        SLOT(number, nb_inplace_or, "i(ii)");
        SLOT(number, nb_floor_divide, "i(ii)");
        SLOT(number, nb_true_divide, "i(ii)");
        SLOT(number, nb_inplace_floor_divide, "i(ii)");
        SLOT(number, nb_inplace_true_divide, "i(ii)");
        SLOT(number, nb_index, "i(i)");
        SLOT(number, nb_matrix_multiply, "i(ii)");
        SLOT(number, nb_inplace_matrix_multiply, "i(ii)");
    }
    if (const PySequenceMethods* sequence = type->tp_as_sequence) {
        SLOT(sequence, sq_length, "i(i)");
        SLOT(sequence, sq_concat, "i(ii)");
        SLOT(sequence, sq_repeat, "i(ii)");
        SLOT(sequence, sq_item, "i(ii)");
        SLOT(sequence, sq_ass_item, "i(iii)");
        SLOT(sequence, sq_contains, "i(ii)");
        SLOT(sequence, sq_inplace_concat, "i(ii)");
        SLOT(sequence, sq_inplace_repeat, "i(ii)");
    }
    if (const PyMappingMethods* mapping = type->tp_as_mapping) {
        SLOT(mapping, mp_length, "i(i)");
        SLOT(mapping, mp_subscript, "i(ii)");
        SLOT(mapping, mp_ass_subscript, "i(iii)");
    }
    if (const PyBufferProcs* buffer = type->tp_as_buffer) {
        SLOT(buffer, bf_getbuffer, "i(iii)");
        SLOT(buffer, bf_releasebuffer, "v(ii)");
    }
    add_methods(owner, type->tp_methods);
    add_getset(owner, type->tp_getset);
}

void Slots::add_module(const PyModuleDef* module) {
    const char* owner = module->m_name;
    SLOT(module, m_traverse, "i(iii)");
    SLOT(module, m_clear, "i(i)");
    SLOT(module, m_free, "v(i)");
    add_methods(owner, module->m_methods);
    for (const PyModuleDef_Slot* slot = module->m_slots; slot != nullptr && slot->slot != 0;
         slot++) {
        if (slot->slot == Py_mod_create) add(owner, "Py_mod_create", slot->value, "i(ii)");
        if (slot->slot == Py_mod_exec) add(owner, "Py_mod_exec", slot->value, "i(i)");
    }
}

// slots(objects): of the types and modules among them.
PyObject* slots(PyObject*, PyObject* objects) {
    PyObject* list = PyList_New(0);
    PyObject* items = PySequence_Fast(objects, "a sequence of objects");
    if (list == nullptr || items == nullptr) return nullptr;
    Slots all(list);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items); i++) {
        PyObject* object = PySequence_Fast_GET_ITEM(items, i);
        if (PyType_Check(object)) {
            all.add_type(reinterpret_cast<PyTypeObject*>(object));
        } else if (PyModule_Check(object)) {
            if (const PyModuleDef* module = PyModule_GetDef(object)) all.add_module(module);
        }
    }
    Py_DECREF(items);
    return list;
}

// A type that is wrong, for the test of the check.
void wrong_clear(PyObject*) {}
PyType_Slot g_wrong_slots[] = {{Py_tp_clear, reinterpret_cast<void*>(wrong_clear)}, {0, nullptr}};
PyType_Spec g_wrong = {"_heddle_slots.Wrong", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT,
                       g_wrong_slots};
PyObject* wrong_type(PyObject*, PyObject*) { return PyType_FromSpec(&g_wrong); }

PyMethodDef g_methods[] = {
    {"slots", slots, METH_O,
     "(owner, slot, index in the table, type) of the functions of types and modules."},
    {"wrong_type", wrong_type, METH_NOARGS, "A type with a slot of a wrong type."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef g_module = {PyModuleDef_HEAD_INIT,
                        "_heddle_slots",
                        nullptr,
                        -1,
                        g_methods,
                        nullptr,
                        nullptr,
                        nullptr,
                        nullptr};

PyObject* init_slots() { return PyModule_Create(&g_module); }

[[gnu::constructor]] void add_slots() { PyImport_AppendInittab("_heddle_slots", init_slots); }

}  // namespace

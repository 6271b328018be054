// libffi's interface without foreign code: types are laid out, callbacks are called, and functions of a few shapes.
// SPDX-License-Identifier: MIT
//
// Calls
//   In wasm a function can only be called by its own type, so each shape that is to be called stands here. These are
//   functions of up to six arguments of 32 bits, which are what ctypes itself calls by address (memmove, memset, and
//   its own helpers). A call of another shape does not happen, and its result is 0.
//
// Closures
//   A closure's code is the address of the closure. No C code can call that, but ffi_call() knows all closures and
//   calls theirs. So a callback works where Python calls it.
//
// Concurrency
//   The list of closures has a lock, a leaf. Everything else is the caller's.
#include "foreign/ffi.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "heddle/lock.h"

namespace {

constexpr unsigned kMostArguments = 6;

struct Closure {
    ffi_closure own;  // the first: its address is the code
    Closure* next;
};

constinit heddle::Lock g_lock;
Closure* g_closures = nullptr;  // under g_lock

// A copy of the closure whose code this is. False: it is a function.
bool find_closure(const void* code, ffi_closure* out) {
    const std::lock_guard<heddle::Lock> held(g_lock);
    for (const Closure* closure = g_closures; closure != nullptr; closure = closure->next) {
        if (&closure->own != code) continue;
        *out = closure->own;
        return true;
    }
    return false;
}

// Size and alignment of a struct, from its elements.
ffi_status lay_out(ffi_type* type) {
    if (type->type != FFI_TYPE_STRUCT || type->size != 0) return FFI_OK;
    if (type->elements == nullptr) return FFI_BAD_TYPEDEF;
    size_t size = 0;
    unsigned short alignment = 1;
    for (ffi_type** element = type->elements; *element != nullptr; element++) {
        if (const ffi_status status = lay_out(*element); status != FFI_OK) return status;
        const size_t step = (*element)->alignment;
        size = (size + step - 1) / step * step + (*element)->size;
        alignment = std::max(alignment, (*element)->alignment);
    }
    type->size = (size + alignment - 1) / alignment * alignment;
    type->alignment = alignment;
    return type->size != 0 ? FFI_OK : FFI_BAD_TYPEDEF;
}

bool is_word(const ffi_type& type) {
    switch (type.type) {
        case FFI_TYPE_INT:
        case FFI_TYPE_UINT8:
        case FFI_TYPE_SINT8:
        case FFI_TYPE_UINT16:
        case FFI_TYPE_SINT16:
        case FFI_TYPE_UINT32:
        case FFI_TYPE_SINT32:
        case FFI_TYPE_POINTER:
            return true;
        default:
            return false;
    }
}

uint32_t word_at(const ffi_type& type, const void* value) {
    switch (type.type) {
        case FFI_TYPE_UINT8:
            return *static_cast<const uint8_t*>(value);
        case FFI_TYPE_SINT8:
            return static_cast<uint32_t>(*static_cast<const int8_t*>(value));
        case FFI_TYPE_UINT16:
            return *static_cast<const uint16_t*>(value);
        case FFI_TYPE_SINT16:
            return static_cast<uint32_t>(*static_cast<const int16_t*>(value));
        default:
            return *static_cast<const uint32_t*>(value);
    }
}

template <typename Result>
Result call_words(uintptr_t function, const uint32_t* w, unsigned count) {
    using W = uint32_t;
    switch (count) {
        case 0:
            return reinterpret_cast<Result (*)()>(function)();
        case 1:
            return reinterpret_cast<Result (*)(W)>(function)(w[0]);
        case 2:
            return reinterpret_cast<Result (*)(W, W)>(function)(w[0], w[1]);
        case 3:
            return reinterpret_cast<Result (*)(W, W, W)>(function)(w[0], w[1], w[2]);
        case 4:
            return reinterpret_cast<Result (*)(W, W, W, W)>(function)(w[0], w[1], w[2], w[3]);
        case 5:
            return reinterpret_cast<Result (*)(W, W, W, W, W)>(function)(w[0], w[1], w[2], w[3],
                                                                         w[4]);
        default:
            return reinterpret_cast<Result (*)(W, W, W, W, W, W)>(function)(w[0], w[1], w[2], w[3],
                                                                            w[4], w[5]);
    }
}

}  // namespace

extern "C" {

ffi_type ffi_type_void = {1, 1, FFI_TYPE_VOID, nullptr};
ffi_type ffi_type_uint8 = {1, 1, FFI_TYPE_UINT8, nullptr};
ffi_type ffi_type_sint8 = {1, 1, FFI_TYPE_SINT8, nullptr};
ffi_type ffi_type_uint16 = {2, 2, FFI_TYPE_UINT16, nullptr};
ffi_type ffi_type_sint16 = {2, 2, FFI_TYPE_SINT16, nullptr};
ffi_type ffi_type_uint32 = {4, 4, FFI_TYPE_UINT32, nullptr};
ffi_type ffi_type_sint32 = {4, 4, FFI_TYPE_SINT32, nullptr};
ffi_type ffi_type_uint64 = {8, 8, FFI_TYPE_UINT64, nullptr};
ffi_type ffi_type_sint64 = {8, 8, FFI_TYPE_SINT64, nullptr};
ffi_type ffi_type_float = {4, 4, FFI_TYPE_FLOAT, nullptr};
ffi_type ffi_type_double = {8, 8, FFI_TYPE_DOUBLE, nullptr};
ffi_type ffi_type_longdouble = {sizeof(long double), alignof(long double), FFI_TYPE_LONGDOUBLE,
                                nullptr};
ffi_type ffi_type_pointer = {4, 4, FFI_TYPE_POINTER, nullptr};

ffi_status ffi_prep_cif(ffi_cif* cif, ffi_abi abi, unsigned nargs, ffi_type* rtype,
                        ffi_type** arg_types) {
    if (abi != FFI_DEFAULT_ABI) return FFI_BAD_ABI;
    if (const ffi_status status = lay_out(rtype); status != FFI_OK) return status;
    for (unsigned i = 0; i < nargs; i++) {
        if (const ffi_status status = lay_out(arg_types[i]); status != FFI_OK) return status;
    }
    *cif = {abi, nargs, arg_types, rtype};
    return FFI_OK;
}

ffi_status ffi_prep_cif_var(ffi_cif* cif, ffi_abi abi, unsigned, unsigned nargs, ffi_type* rtype,
                            ffi_type** arg_types) {
    return ffi_prep_cif(cif, abi, nargs, rtype, arg_types);
}

void ffi_call(ffi_cif* cif, void (*function)(void), void* result, void** arguments) {
    const auto* code = reinterpret_cast<const void*>(function);
    ffi_closure closure;
    if (find_closure(code, &closure)) {
        closure.function(closure.cif, result, arguments, closure.user_data);
        return;
    }
    const auto address = reinterpret_cast<uintptr_t>(function);
    const bool gives_nothing = cif->rtype->type == FFI_TYPE_VOID;
    bool known = cif->nargs <= kMostArguments && (gives_nothing || is_word(*cif->rtype));
    uint32_t words[kMostArguments] = {};
    for (unsigned i = 0; known && i < cif->nargs; i++) {
        known = is_word(*cif->arg_types[i]);
        if (known) words[i] = word_at(*cif->arg_types[i], arguments[i]);
    }
    if (!known) {
        if (!gives_nothing) std::memset(result, 0, std::max(cif->rtype->size, sizeof(ffi_arg)));
    } else if (gives_nothing) {
        call_words<void>(address, words, cif->nargs);
    } else {
        *static_cast<uint32_t*>(result) = call_words<uint32_t>(address, words, cif->nargs);
    }
}

void* ffi_closure_alloc(size_t size, void** code) {
    auto* closure = static_cast<Closure*>(std::calloc(1, std::max(size, sizeof(Closure))));
    *code = closure;
    return closure;
}

void ffi_closure_free(void* freed) {
    {
        const std::lock_guard<heddle::Lock> held(g_lock);
        for (Closure** link = &g_closures; *link != nullptr; link = &(*link)->next) {
            if (*link != freed) continue;
            *link = (*link)->next;
            break;
        }
    }
    std::free(freed);
}

ffi_status ffi_prep_closure_loc(ffi_closure* closure, ffi_cif* cif, ffi_closure_function function,
                                void* user_data, void*) {
    auto* whole = reinterpret_cast<Closure*>(closure);
    whole->own = {cif, function, user_data};
    const std::lock_guard<heddle::Lock> held(g_lock);
    whole->next = g_closures;
    g_closures = whole;
    return FFI_OK;
}

ffi_status ffi_prep_closure(ffi_closure* closure, ffi_cif* cif, ffi_closure_function function,
                            void* user_data) {
    return ffi_prep_closure_loc(closure, cif, function, user_data, closure);
}

}  // extern "C"

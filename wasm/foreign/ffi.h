// libffi's interface, as far as CPython's ctypes uses it; ffi.cpp says what its calls can do.
// SPDX-License-Identifier: MIT
//
// Names and meanings are those of libffi's documentation.
#ifndef HEDDLE_WASM_FOREIGN_FFI_H_
#define HEDDLE_WASM_FOREIGN_FFI_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    FFI_TYPE_VOID,
    FFI_TYPE_INT,
    FFI_TYPE_FLOAT,
    FFI_TYPE_DOUBLE,
    FFI_TYPE_LONGDOUBLE,
    FFI_TYPE_UINT8,
    FFI_TYPE_SINT8,
    FFI_TYPE_UINT16,
    FFI_TYPE_SINT16,
    FFI_TYPE_UINT32,
    FFI_TYPE_SINT32,
    FFI_TYPE_UINT64,
    FFI_TYPE_SINT64,
    FFI_TYPE_STRUCT,
    FFI_TYPE_POINTER,
    FFI_TYPE_COMPLEX,
};

typedef struct ffi_type {
    size_t size;  // bytes; 0 for a struct until it is part of a cif
    unsigned short alignment;
    unsigned short type;         // FFI_TYPE_*
    struct ffi_type** elements;  // of a struct, up to NULL
} ffi_type;

extern ffi_type ffi_type_void, ffi_type_uint8, ffi_type_sint8, ffi_type_uint16, ffi_type_sint16,
    ffi_type_uint32, ffi_type_sint32, ffi_type_uint64, ffi_type_sint64, ffi_type_float,
    ffi_type_double, ffi_type_longdouble, ffi_type_pointer;

// C's types on this machine: int and long have 32 bits.
#define ffi_type_uchar ffi_type_uint8
#define ffi_type_schar ffi_type_sint8
#define ffi_type_ushort ffi_type_uint16
#define ffi_type_sshort ffi_type_sint16
#define ffi_type_uint ffi_type_uint32
#define ffi_type_sint ffi_type_sint32
#define ffi_type_ulong ffi_type_uint32
#define ffi_type_slong ffi_type_sint32

typedef enum { FFI_OK, FFI_BAD_TYPEDEF, FFI_BAD_ABI, FFI_BAD_ARGTYPE } ffi_status;
typedef enum { FFI_FIRST_ABI, FFI_DEFAULT_ABI, FFI_LAST_ABI } ffi_abi;

// A return value narrower than this is widened to it.
typedef unsigned long ffi_arg;
typedef signed long ffi_sarg;

typedef struct {
    ffi_abi abi;
    unsigned nargs;
    ffi_type** arg_types;
    ffi_type* rtype;
} ffi_cif;

typedef void (*ffi_closure_function)(ffi_cif* cif, void* result, void** arguments, void* user_data);

typedef struct {
    ffi_cif* cif;
    ffi_closure_function function;
    void* user_data;
} ffi_closure;

ffi_status ffi_prep_cif(ffi_cif* cif, ffi_abi abi, unsigned nargs, ffi_type* rtype,
                        ffi_type** arg_types);
ffi_status ffi_prep_cif_var(ffi_cif* cif, ffi_abi abi, unsigned fixed_args, unsigned nargs,
                            ffi_type* rtype, ffi_type** arg_types);
void ffi_call(ffi_cif* cif, void (*function)(void), void* result, void** arguments);

void* ffi_closure_alloc(size_t size, void** code);
void ffi_closure_free(void* closure);
// Without code of its own: named where ffi_prep_closure_loc() is missing, and never called.
ffi_status ffi_prep_closure(ffi_closure* closure, ffi_cif* cif, ffi_closure_function function,
                            void* user_data);
ffi_status ffi_prep_closure_loc(ffi_closure* closure, ffi_cif* cif, ffi_closure_function function,
                                void* user_data, void* code);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_WASM_FOREIGN_FFI_H_

"""Writes wasmtime's C API as a C++ header, from the declarations in its Python package."""
# SPDX-License-Identifier: MIT
#
# usage: make_header.py FOLDER OUTPUT      (FOLDER holds the unpacked package, `wasmtime/`)
#
# The package has the library and no C headers, but its bindings were made from them: every function's
# and struct's types are there as ctypes objects. So the header always fits the library beside it, and
# the C++ compiler checks sizes once more. Comments and most `const` are lost on the way.

import ctypes
import sys

# The component model and the tools are of no use to a host of core modules.
LEFT_OUT = ("wasmtime_component", "wasmtime_guestprofiler", "wasmtime_wat")

SCALARS = {
    None: "void",
    ctypes.c_bool: "bool",
    ctypes.c_char: "char",
    ctypes.c_uint8: "uint8_t",
    ctypes.c_int8: "int8_t",
    ctypes.c_uint16: "uint16_t",
    ctypes.c_int16: "int16_t",
    ctypes.c_uint32: "uint32_t",
    ctypes.c_int32: "int32_t",
    ctypes.c_uint64: "uint64_t",
    ctypes.c_int64: "int64_t",
    ctypes.c_float: "float",
    ctypes.c_double: "double",
    ctypes.c_void_p: "void*",
    ctypes.c_char_p: "char*",
}


class Header:
    def __init__(self):
        self.lines = []
        self.seen = {}  # ctypes type: its name in C

    def name(self, kind):
        """The C++ name of a type; what it needs is declared first."""
        if kind in SCALARS:
            return SCALARS[kind]
        if kind not in self.seen:
            self.declare(kind)
        return self.seen[kind]

    def declare(self, kind):
        if issubclass(kind, ctypes._Pointer):
            # Through a pointer a struct may refer to itself.
            target = kind._type_
            is_struct = isinstance(target, type) and issubclass(target, (ctypes.Structure, ctypes.Union))
            if is_struct and target not in self.seen:
                self.name(target)
            self.seen[kind] = f"{self.name(target)}*"
        elif issubclass(kind, ctypes._CFuncPtr):
            self.seen[kind] = f"callback_{len(self.seen)}_t"
            arguments = ", ".join(self.name(argument) for argument in kind._argtypes_)
            self.lines.append(f"typedef {self.name(kind._restype_)} (*{self.seen[kind]})({arguments});")
        elif issubclass(kind, ctypes.Array):
            self.seen[kind] = f"array_{len(self.seen)}_t"
            self.lines.append(f"typedef {self.name(kind._type_)} {self.seen[kind]}[{kind._length_}];")
        else:
            self.declare_struct(kind)

    def declare_struct(self, kind):
        name = kind.__name__
        word = "union" if issubclass(kind, ctypes.Union) else "struct"
        self.seen[kind] = name
        self.lines.append(f"{word} {name};")
        if not getattr(kind, "_fields_", None):
            return
        fields = [f"    {self.name(field[1])} {field[0]};" for field in kind._fields_]
        self.lines += [f"{word} {name} {{", *fields, "};"]
        self.lines.append(f"static_assert(sizeof({name}) == {ctypes.sizeof(kind)});")

    def declare_function(self, name, function):
        arguments = ", ".join(self.parameter(argument) for argument in function.argtypes)
        self.lines.append(f"{self.name(function.restype)} {name}({arguments});")

    def parameter(self, kind):
        """Callers may pass constant text and bytes: the API never writes to them."""
        is_pointer = isinstance(kind, type) and issubclass(kind, ctypes._Pointer)
        constant = is_pointer and kind._type_ in (ctypes.c_char, ctypes.c_uint8)
        return ("const " if constant else "") + self.name(kind)


def main(folder, output):
    sys.path.insert(0, folder)
    from importlib.metadata import version

    from wasmtime import _bindings

    header = Header()
    for name, value in vars(_bindings).items():
        name = name.removeprefix("_")
        if isinstance(value, ctypes._CFuncPtr) and not name.startswith(LEFT_OUT):
            header.declare_function(name, value)
    with open(output, "w", encoding="utf-8") as file:
        file.write(
            f"// wasmtime {version('wasmtime')}: its C API. Made by make_header.py.\n"
            "#pragma once\n#include <cstddef>\n#include <cstdint>\n"
            f'#define WASMTIME_VERSION "{version("wasmtime")}"\n'
            'extern "C" {\n' + "\n".join(header.lines) + "\n}\n"
        )


main(*sys.argv[1:])

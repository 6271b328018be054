"""ctypes: types, memory and callbacks work; there is no foreign code to be called."""
# SPDX-License-Identifier: MIT

import ctypes
import ctypes.util
import sys
import threading
import unittest

from support import heddle_only


class Types(unittest.TestCase):
    @heddle_only("the sizes are this machine's")
    def test_sizes_are_this_machines(self):
        sizes = {
            "c_bool": 1, "c_char": 1, "c_wchar": 4, "c_short": 2, "c_int": 4, "c_long": 4, "c_longlong": 8, "c_size_t": 4,
            "c_float": 4, "c_double": 8, "c_longdouble": 16, "c_void_p": 4, "py_object": 4, "c_time_t": 8,
        }  # fmt: skip
        self.assertEqual({name: ctypes.sizeof(getattr(ctypes, name)) for name in sizes}, sizes)

    def test_structures_unions_and_bit_fields(self):
        class Inner(ctypes.Structure):
            _fields_ = [("a", ctypes.c_char), ("b", ctypes.c_double), ("low", ctypes.c_int, 3), ("high", ctypes.c_int, 5)]

        class Both(ctypes.Union):
            _fields_ = [("inner", Inner), ("bytes", ctypes.c_uint8 * 24)]

        self.assertEqual(ctypes.sizeof(Inner), 24)
        both = Both(inner=Inner(b"x", 1.5, 2, 7))
        self.assertEqual((both.bytes[0], both.inner.b, both.inner.low, both.inner.high), (ord("x"), 1.5, 2, 7))

    def test_pointers_buffers_and_casts(self):
        number = ctypes.c_int(5)
        ctypes.pointer(number)[0] = 9
        self.assertEqual(number.value, 9)
        self.assertEqual(ctypes.cast(ctypes.byref(number), ctypes.POINTER(ctypes.c_uint8))[0], 9)
        data = bytearray(8)
        words = (ctypes.c_uint16 * 4).from_buffer(data)
        words[1] = 0x0102
        self.assertEqual(data[2:4], (0x0102).to_bytes(2, sys.byteorder))

    def test_the_helpers_that_are_foreign_functions(self):
        text = ctypes.create_string_buffer(b"hello")
        ctypes.memmove(text, b"HE", 2)
        ctypes.memset(ctypes.addressof(text) + 4, ord("!"), 1)
        self.assertEqual(ctypes.string_at(text), b"HEll!")
        self.assertEqual(ctypes.wstring_at(ctypes.create_unicode_buffer("größe")), "größe")


class Callbacks(unittest.TestCase):
    def test_a_callback_is_called_from_python(self):
        add = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)(lambda a, b: a + b)
        self.assertEqual(add(2, 3), 5)
        half = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: x / 2)
        self.assertEqual(half(2.5), 1.25)

    def test_callbacks_come_and_go_in_many_threads(self):
        results = []

        def work(number):
            for _ in range(300):
                results.append(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: number)())

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(sorted(results), sorted(i for i in range(8) for _ in range(300)))


@heddle_only("no library can be loaded")
class NoLibraries(unittest.TestCase):
    def test_a_library_is_not_loaded(self):
        with self.assertRaisesRegex(OSError, "shared libraries cannot be loaded in WebAssembly yet"):
            ctypes.CDLL("libc.so.6")
        self.assertIsNone(ctypes.util.find_library("c"))

    def test_a_function_is_not_found(self):
        for library in (ctypes.CDLL(None), ctypes.pythonapi):
            with self.assertRaisesRegex(AttributeError, "no foreign functions yet"):
                library.strlen


if __name__ == "__main__":
    unittest.main()

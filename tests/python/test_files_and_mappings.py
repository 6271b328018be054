"""Sizes and offsets beyond 32 bits, mappings that outlive their file, and too many pieces at once."""
# SPDX-License-Identifier: MIT

import errno
import mmap
import os
import tempfile
import unittest

from support import heddle_only

GIB = 2**30


class InScratch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.path = os.path.join(scratch.name, "file")


class Offsets(InScratch):
    def test_a_file_tells_positions_beyond_4_gib(self):
        with open(self.path, "wb") as file:
            self.assertEqual(file.seek(5 * GIB + 7), 5 * GIB + 7)
            self.assertEqual(file.tell(), 5 * GIB + 7)
            self.assertEqual(os.lseek(file.fileno(), -7, os.SEEK_CUR), 5 * GIB)

    @heddle_only("the file is in memory")
    def test_a_file_in_memory_does_not_take_a_size_that_memory_has_not(self):
        with open(self.path, "wb") as file:
            file.write(b"kept")
            file.flush()
            for size in 2 * GIB, 4 * GIB, 8 * GIB + 2:
                with self.assertRaises(OSError) as caught:
                    file.truncate(size)
                self.assertEqual(caught.exception.errno, errno.EFBIG)
                with self.assertRaises(OSError) as caught:
                    os.truncate(self.path, size)
                self.assertEqual(caught.exception.errno, errno.EFBIG)
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), b"kept")


class Pieces(InScratch):
    def test_more_than_a_call_may_have_are_refused(self):
        many = [bytearray(1)] * (os.sysconf("SC_IOV_MAX") + 1)
        with open(self.path, "w+b", buffering=0) as file:
            for call in os.readv, os.writev:
                with self.assertRaises(OSError) as caught:
                    call(file.fileno(), many)
                self.assertEqual(caught.exception.errno, errno.EINVAL)

    @heddle_only("there ssize_t has 64 bits")
    def test_more_bytes_than_the_result_could_say_are_refused(self):
        huge = [bytearray(4 * 2**20)] * 1024
        with open(self.path, "w+b", buffering=0) as file:
            for call in os.readv, os.writev:
                with self.assertRaises(OSError) as caught:
                    call(file.fileno(), huge)
                self.assertEqual(caught.exception.errno, errno.EINVAL)


class Mappings(InScratch):
    def setUp(self):
        super().setUp()
        with open(self.path, "wb") as file:
            file.write(b"abcdef")

    def content(self):
        with open(self.path, "rb") as file:
            return file.read()

    def mapped(self):
        with open(self.path, "r+b") as file:
            return mmap.mmap(file.fileno(), 0)

    def test_one_outlives_its_file(self):
        with self.mapped() as mapping:
            mapping[:3] = b"XYZ"
            mapping.flush()
            self.assertEqual(self.content(), b"XYZdef")
            mapping[3:] = b"UVW"
        self.assertEqual(self.content(), b"XYZUVW")

    def test_a_file_opened_meanwhile_is_left_alone(self):
        mapping = self.mapped()
        mapping[:3] = b"XYZ"
        with open(self.path + "2", "w+b") as other:
            other.write(b"other!")
            other.flush()
            mapping.close()
            other.seek(0)
            self.assertEqual(other.read(), b"other!")
        self.assertEqual(self.content(), b"XYZdef")

    def test_one_has_no_descriptor_that_a_program_could_close(self):
        before = self.free()
        with open(self.path, "r+b") as file:
            mapping = mmap.mmap(file.fileno(), 0, trackfd=False)
        mapping[:3] = b"XYZ"
        self.assertEqual(self.free(), before)
        mapping.close()
        self.assertEqual(self.content(), b"XYZdef")

    def test_closing_one_does_not_make_its_file_longer(self):
        with self.mapped() as mapping:
            mapping[:3] = b"XYZ"
            os.truncate(self.path, 2)
        self.assertEqual(self.content(), b"XY")

    def test_a_pipe_cannot_be_mapped(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        with self.assertRaises(OSError) as caught:
            mmap.mmap(reader, 16, prot=mmap.PROT_READ)
        self.assertEqual(caught.exception.errno, errno.ENODEV)

    def test_a_private_one_leaves_its_file_alone(self):
        with open(self.path, "rb") as file:
            mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        mapping[:3] = b"XYZ"
        mapping.close()
        self.assertEqual(self.content(), b"abcdef")

    def free(self):
        fd = os.open(self.path, os.O_RDONLY)
        os.close(fd)
        return fd

    def test_closed_ones_leave_no_descriptor(self):
        before = self.free()
        for _ in range(3):
            self.mapped().close()
        self.assertEqual(self.free(), before)

    @heddle_only("Linux takes the flags")
    def test_flags_that_are_not_there_are_an_error(self):
        with open(self.path, "r+b") as file, self.assertRaises(OSError):
            mmap.mmap(file.fileno(), 0, flags=3)


if __name__ == "__main__":
    unittest.main()

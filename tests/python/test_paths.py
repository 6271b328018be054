"""Paths, links, modes and times of files: what POSIX says of them, in memory and in a folder of the host."""
# SPDX-License-Identifier: MIT
import errno
import fcntl
import os
import shutil
import stat
import tempfile
import time
import unittest


class _Paths:
    #: The folder in which a test's own is made; None for the place of temporary files.
    place = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=self.place)
        self.addCleanup(shutil.rmtree, self.folder)
        self.old_folder = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, self.old_folder)
        with open("file", "w") as file:
            file.write("text")
        os.mkdir("folder")

    def assert_errno(self, code, function, *args, **kwargs):
        with self.assertRaises(OSError) as caught:
            function(*args, **kwargs)
        self.assertEqual(errno.errorcode[caught.exception.errno], errno.errorcode[code])

    def test_a_slash_at_the_end_names_a_folder(self):
        for call in (os.stat, os.lstat, open, os.unlink, os.listdir, os.readlink):
            self.assert_errno(errno.ENOTDIR, call, "file/")
        self.assert_errno(errno.ENOTDIR, os.truncate, "file/", 1)
        self.assert_errno(errno.ENOTDIR, os.chmod, "file/", 0o600)
        self.assert_errno(errno.ENOTDIR, os.rename, "file", "new/")
        self.assert_errno(errno.ENOTDIR, os.rename, "file/", "new")
        self.assert_errno(errno.ENOENT, os.symlink, "file", "new/")
        self.assert_errno(errno.EISDIR, open, "new/", "w")
        self.assert_errno(errno.EISDIR, open, "folder/", "w")
        self.assertFalse(os.path.exists("file/"))
        self.assertEqual(sorted(os.listdir()), ["file", "folder"])
        os.mkdir("made/")
        self.assertEqual(os.listdir("made/"), [])
        os.rename("made/", "moved/")
        os.rmdir("moved/")
        self.assertTrue(stat.S_ISDIR(os.stat("//").st_mode))

    def test_a_slash_at_the_end_follows_a_link(self):
        os.symlink("folder", "link")
        self.assertTrue(stat.S_ISLNK(os.lstat("link").st_mode))
        self.assertTrue(stat.S_ISDIR(os.lstat("link/").st_mode))
        self.assert_errno(errno.EINVAL, os.readlink, "link/")

    def test_copying_into_a_folder_that_is_not_there(self):
        with self.assertRaises(FileNotFoundError):
            shutil.copyfile("file", "none/")
        with self.assertRaises(FileNotFoundError):
            shutil.copyfile("file", "none/file")
        self.assertEqual(sorted(os.listdir()), ["file", "folder"])

    def test_a_path_as_long_as_PATH_MAX(self):
        self.assert_errno(errno.ENAMETOOLONG, os.stat, "./" * 2048)
        self.assert_errno(errno.ENAMETOOLONG, open, "./" * 2048 + "file")
        self.assertTrue(os.path.exists("./" * 2000 + "file"))

    def test_open_makes_the_file_that_a_link_names(self):
        os.symlink("new", "link")
        os.symlink("../other", "folder/up")
        self.assert_errno(errno.ENOENT, open, "link")
        self.assert_errno(errno.EEXIST, open, "link", "x")
        self.assertFalse(os.path.exists("new"))
        for name, target in (("link", "new"), ("folder/up", "other")):
            with open(name, "w") as file:
                file.write(name)
            self.assertTrue(os.path.islink(name))
            with open(target) as file:
                self.assertEqual(file.read(), name)

    def test_open_makes_nothing_behind_links_that_lead_nowhere(self):
        os.symlink("b", "a")
        os.symlink("a", "b")
        os.symlink("none/new", "deep")
        self.assert_errno(errno.ELOOP, open, "a", "w")
        self.assert_errno(errno.ENOENT, open, "deep", "w")
        self.assert_errno(errno.ELOOP, os.open, "a", os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW)

    def test_umask(self):
        old = os.umask(0o027)
        try:
            self.assertEqual(os.umask(0o027), 0o027)
            os.close(os.open("new", os.O_CREAT | os.O_WRONLY, 0o666))
            os.mkdir("made")
        finally:
            os.umask(old)
        self.assertEqual(stat.S_IMODE(os.stat("new").st_mode), 0o640)
        self.assertEqual(stat.S_IMODE(os.stat("made").st_mode), 0o750)

    def test_times(self):
        os.utime("file", ns=(1_002_003_000, 4_005_006_000))
        seen = os.stat("file")
        self.assertEqual((seen.st_atime_ns, seen.st_mtime_ns), (1_002_003_000, 4_005_006_000))
        os.utime("file", (1.25, 2.75))
        seen = os.stat("file")
        self.assertEqual((seen.st_atime, seen.st_mtime), (1.25, 2.75))
        # A double of milliseconds holds today's times to a quarter of a microsecond; Node sets whole ones.
        os.utime("file", ns=(0, 1_700_000_000_123_456_000))
        self.assertAlmostEqual(os.stat("file").st_mtime_ns, 1_700_000_000_123_456_000, delta=1000)
        before = time.time()
        os.utime("file")
        self.assertTrue(before - 1 <= os.stat("file").st_mtime <= time.time() + 1)

    def test_closed_descriptors(self):
        fd = os.open("file", os.O_RDWR)
        os.close(fd)
        for call in (os.fsync, os.fdatasync, os.fstat, os.close):
            self.assert_errno(errno.EBADF, call, fd)


class Memory(_Paths, unittest.TestCase):
    pass


class Mount(_Paths, unittest.TestCase):
    place = os.getcwd()


class PipeSizes(unittest.TestCase):
    def setUp(self):
        self.reader, self.writer = os.pipe()
        self.addCleanup(os.close, self.reader)
        self.addCleanup(os.close, self.writer)
        os.set_blocking(self.writer, False)

    def test_sizes(self):
        self.assertEqual(fcntl.fcntl(self.writer, fcntl.F_GETPIPE_SZ), 65536)
        for wanted, size in ((1, 4096), (5000, 8192), (200_000, 262_144)):
            self.assertEqual(fcntl.fcntl(self.reader, fcntl.F_SETPIPE_SZ, wanted), size)
            self.assertEqual(fcntl.fcntl(self.writer, fcntl.F_GETPIPE_SZ), size)
        self.assertEqual(os.write(self.writer, b"x" * 300_000), 262_144)
        with self.assertRaises(OSError) as caught:
            fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, 4096)
        self.assertEqual(caught.exception.errno, errno.EBUSY)
        self.assertEqual(len(os.read(self.reader, 300_000)), 262_144)
        fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, 4096)
        self.assertEqual(os.write(self.writer, b"y" * 10_000), 4096)

    def test_what_is_no_pipe(self):
        fd = os.open(os.devnull, os.O_RDONLY)
        self.addCleanup(os.close, fd)
        with self.assertRaises(OSError):
            fcntl.fcntl(fd, fcntl.F_GETPIPE_SZ)


class Strftime(unittest.TestCase):
    def test_what_is_no_conversion_stays(self):
        day = (2020, 2, 3, 4, 5, 6, 0, 34, 0)
        for text in ("%", "100 %", "%Q", "a%\x01", "%-", "%E"):
            self.assertEqual(time.strftime(text, day), text)
        self.assertEqual(time.strftime("%%|%Q%m|%-d|%_d|%4Y|%EY|%Od%", day), "%|%Q02|3| 3|2020|2020|03%")
        self.assertEqual(time.strftime("%k|%l|%P|%p", day), " 4| 4|am|AM")
        self.assertEqual(time.strftime("%k|%l|%P|%p", (2020, 2, 3, 12, 0, 0, 0, 34, 0)), "12|12|pm|PM")


if __name__ == "__main__":
    unittest.main()

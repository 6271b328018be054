"""Opens, reads or lists files in a mounted folder of its own making; a step is one file, or one folder of 100."""
# SPDX-License-Identifier: MIT
import os
import sys
import tempfile

from samples import per_step, report

FILES = 100


def open_files(count):
    for n in range(count):
        open(names[n % FILES], "rb").close()


def read_files(count):
    for n in range(count):
        with open(names[n % FILES], "rb") as file:
            file.read()


def list_folders(count):
    for _ in range(count):
        os.listdir(folder)


with tempfile.TemporaryDirectory(dir=".") as folder:
    names = [os.path.join(folder, f"{n}.txt") for n in range(FILES)]
    for name in names:
        with open(name, "wb") as file:
            file.write(b"x" * 4096)
    function, steps = {"open": (open_files, 500), "read": (read_files, 500), "list": (list_folders, 50)}[sys.argv[1]]
    report(per_step(function, steps, 7))

# collections.abc can be imported while another thread is still reading the package collections.
# SPDX-License-Identifier: MIT
# heddle-only: CPython 3.13 raises ModuleNotFoundError: No module named 'collections.abc'
# expect-stdout: not read yet: Mapping
# expect-stdout: read: ChainMap
import importlib.machinery
import sys
import threading

reading, asked = threading.Event(), threading.Event()
get_code = importlib.machinery.SourceFileLoader.get_code


def slow_get_code(self, name):
    if name == "collections":
        reading.set()
        asked.wait(20)
    return get_code(self, name)


def read_it():
    import collections

    print("read:", collections.ChainMap.__name__)


assert "collections" not in sys.modules, "the program needs to be the first to import it"
importlib.machinery.SourceFileLoader.get_code = slow_get_code
thread = threading.Thread(target=read_it)
thread.start()
assert reading.wait(20), "collections is not read by this loader"
try:
    from collections.abc import Mapping

    print("not read yet:", Mapping.__name__)
finally:
    asked.set()
    thread.join()

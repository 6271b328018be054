# Runs CPython's own tests by name, a JSON line for each.
# SPDX-License-Identifier: MIT
"""Runs CPython's own tests by name and prints a JSON line for each, also where there is no `test` package.

    python report.py LIB_FOLDER [--match PATTERN]... [--pretend NAME]... [--stub NAME]...
                     [--children SHARED_FOLDER] [--as-is] [--tell-after SECONDS] test.test_thread

LIB_FOLDER is a folder that holds CPython's `test` package (its Lib folder); only that package is taken
from it; - for an interpreter that has it in its own library. --match keeps the tests whose id fits one of the patterns (as in `unittest -k`); one that
begins with ! leaves tests out. --pretend sets test.support.NAME to True, or !NAME to False, for tests
that a guard for other builds of Emscripten would leave out. --stub puts an empty module in the place of
one that is missing, for files that import it for a part of their tests only. --children lets tests
start child interpreters, with the runner's help (child_processes.py); files that both are to see go to
SHARED_FOLDER, which is then the place for temporary ones. --as-is gives tests what CPython's own runner
gives them when it is asked for nothing: no resources, no wish for much memory, no help. --tell-after writes to
standard error where all threads are, if the tests are not done by then. The lines are those of
tests/python/json_report.py.
"""
import argparse
import faulthandler
import fnmatch
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def mount_test_package(lib_folder):
    """Makes `test` importable from lib_folder without putting the rest of that folder on sys.path."""
    folder = os.path.join(lib_folder, "test")
    spec = importlib.util.spec_from_file_location(
        "test", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    module = importlib.util.module_from_spec(spec)
    sys.modules["test"] = module
    spec.loader.exec_module(module)


def say_unix_sockets_are_missing_if_so():
    """Some files try a Unix socket while they are imported, and would be lost where there is none."""
    import socket
    from test.support import socket_helper

    try:
        socket.socket(socket.AF_UNIX).close()
    except (AttributeError, OSError) as error:
        socket_helper._bind_nix_socket_error = error


def flat(suite):
    """All single tests of a suite, in their order."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


def select(suite, patterns):
    """The suite with only the tests whose id fits a pattern, without those of a ! pattern; set-up of classes and modules still works."""
    if not patterns:
        return suite

    def fits(test, pattern):
        return fnmatch.fnmatchcase(test.id(), pattern if "*" in pattern else f"*{pattern}*")

    out = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")] or ["*"]
    return unittest.TestSuite(
        test for test in flat(suite)
        if any(fits(test, pattern) for pattern in wanted) and not any(fits(test, pattern) for pattern in out))


class UnloadedModule(unittest.TestCase):
    """Stands for a test module that could not be imported, or skipped itself while it was."""

    def __init__(self, name, error):
        super().__init__()
        self._name, self._error = name, error

    def id(self):
        return self._name

    def runTest(self):
        raise self._error


def tell_where_threads_are(after_s):
    """To standard error as it is now: tests may put something else at descriptor 2."""
    stderr = open(os.dup(2), "w", closefd=False)
    faulthandler.dump_traceback_later(after_s, file=stderr)


def load(name):
    """The tests of a module."""
    try:
        return unittest.defaultTestLoader.loadTestsFromName(name)
    except Exception as error:
        return unittest.TestSuite([UnloadedModule(name, error)])


def main(argv):
    parser = argparse.ArgumentParser(description="Runs CPython's own tests by name.")
    parser.add_argument("lib_folder")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--match", action="append", default=[])
    parser.add_argument("--pretend", action="append", default=[])
    parser.add_argument("--stub", action="append", default=[])
    parser.add_argument("--children")
    parser.add_argument("--as-is", action="store_true")
    parser.add_argument("--tell-after", type=float)
    options = parser.parse_args(argv)

    if options.tell_after:
        tell_where_threads_are(options.tell_after)
    # As `python -m test` has it; test_pyclbr reads the module that is run.
    __main__ = sys.modules["__main__"]
    __main__.__spec__ = importlib.machinery.ModuleSpec("__main__", None)
    sys.path.insert(0, os.path.join(os.path.dirname(HERE), "python"))
    import json_report

    for name in options.stub:
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = types.ModuleType(name)

    if options.lib_folder != "-":
        mount_test_package(options.lib_folder)
    import test.support

    test.support.verbose = 0
    if options.as_is:
        test.support.use_resources = ()
    else:
        # Tests that want memory for many native stacks are skipped unless told how much there is.
        test.support.set_memlimit("8G")
    say_unix_sockets_are_missing_if_so()
    if options.children:
        os.environ["TMPDIR"] = tempfile.tempdir = options.children
        import child_processes

        child_processes.install()
    for name in options.pretend:
        setattr(test.support, name.removeprefix("!"), not name.startswith("!"))
    # Many of the tests write into the current folder, and some look at it while they are imported.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        os.chdir(scratch)
        suite = unittest.TestSuite(map(load, options.names))
        return json_report.run(select(suite, options.match))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

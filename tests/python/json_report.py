"""Runs one file of unittest tests and prints a JSON line for each test, so that a host can judge the run."""
# SPDX-License-Identifier: MIT
#
#     python json_report.py test_lock.py [TestClass[.test_name] ...]
#
# A line begins with MARK. Events: {"event": "start", "id"}, {"event": "result", "id", "outcome",
# "seconds", "detail"}, {"event": "subtest", "id", "outcome", "detail"}, {"event": "done", "ran"}. Outcomes:
# pass, skip, fail, error, expected_failure, unexpected_success. A run without "done" died or hangs; the last
# "start" without "result" says in which test. A failed subtest is told at once: what goes wrong first may be why
# the rest of its test never ends.

import importlib.util
import json
import os
import sys
import time
import unittest

MARK = "@heddle-test "

#: When several things happen to one test (subtests, tear-down), the worst one is its outcome.
_BADNESS = ("pass", "skip", "expected_failure", "unexpected_success", "fail", "error")


class JsonResult(unittest.TestResult):
    """Prints each event as soon as it is known, past whatever a test did to sys.stdout."""

    def __init__(self, stream=None):
        super().__init__()
        self._out = stream or sys.__stdout__
        self._current = None

    def emit(self, **event):
        # The newline in front ends a line that a test may have left open.
        self._out.write(f"\n{MARK}{json.dumps(event)}\n")
        self._out.flush()

    def startTest(self, test):
        super().startTest(test)
        self._current = {"outcome": "pass", "detail": ""}
        self._started_at = time.perf_counter()
        self.emit(event="start", id=plain_id(id_of(test)))

    def stopTest(self, test):
        super().stopTest(test)
        seconds = round(time.perf_counter() - self._started_at, 4)
        self.emit(event="result", id=plain_id(id_of(test)), seconds=seconds, **self._current)
        self._current = None

    def _note(self, test, outcome, detail=""):
        if self._current is None:  # set-up of a class or a module: no test has started
            self.emit(event="result", id=plain_id(id_of(test)), seconds=0, outcome=outcome, detail=detail)
        elif _BADNESS.index(outcome) > _BADNESS.index(self._current["outcome"]):
            self._current = {"outcome": outcome, "detail": detail}

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skip", reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "fail", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test, "error", self.errors[-1][1])

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._note(test, "expected_failure")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._note(test, "unexpected_success")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            kind = "fail" if issubclass(err[0], test.failureException) else "error"
            found = self.failures if kind == "fail" else self.errors
            detail = f"{subtest}\n{found[-1][1]}"
            self.emit(event="subtest", id=plain_id(id_of(test)), outcome=kind, detail=detail)
            self._note(test, kind, detail)


def id_of(test):
    """A test's id, also of one that has put something else into its attribute `id`."""
    return type(test).id(test)


def plain_id(test_id):
    """'setUpClass (a.b.C)' -> 'a.b.C.setUpClass'; a module skipped as a whole -> its name."""
    for prefix in ("unittest.loader.ModuleSkipped.", "unittest.loader._FailedTest."):
        if test_id.startswith(prefix):
            return test_id.removeprefix(prefix)
    name, _, owner = test_id.partition(" (")
    return f"{owner.rstrip(')')}.{name}" if owner else test_id


def run(suite):
    """Runs the suite and prints its events; gives the process's exit code."""
    result = JsonResult()
    suite.run(result)
    result.emit(event="done", ran=result.testsRun)
    return 0 if result.wasSuccessful() else 1


def load_file(path):
    """Imports a file as a top-level module, its folder first on sys.path."""
    folder, name = os.path.split(os.path.abspath(path))
    name = name.removesuffix(".py")
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(argv):
    module = load_file(argv[1])
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(argv[2:], module) if argv[2:] else loader.loadTestsFromModule(module)
    return run(suite)


if __name__ == "__main__":
    sys.exit(main(sys.argv))

"""Promises about exceptions that nobody caught: sys.unraisablehook, threading.excepthook, what is printed."""
# SPDX-License-Identifier: MIT
import _thread
import contextlib
import io
import sys
import threading
import unittest

from support import Crew, Gate, ThreadTestCase, heddle_only, start_to_the_end, unraisable_hook, wait_until


class Unusual(Exception):
    """An exception that only these tests raise."""


def boom(text="boom"):
    raise Unusual(text)


def unraisable_of(function, args=()):
    """What sys.unraisablehook was called with, as a list of plain tuples that keep nothing alive."""
    seen = []

    def hook(given):
        seen.append((given.exc_type, str(given.exc_value), given.exc_traceback is not None,
                     _thread.get_ident()))

    with unraisable_hook(hook):
        start_to_the_end(function, args)
    return seen


def printed_by(function, args=()):
    stderr = io.StringIO()
    with contextlib.redirect_stderr(stderr):
        start_to_the_end(function, args)
    return stderr.getvalue()


class UnraisableTests(ThreadTestCase):
    def test_an_unhandled_exception_goes_to_the_hook_once_with_type_value_and_traceback(self):
        (exc_type, text, has_traceback, _), = unraisable_of(boom, ("words",))
        self.assertIs(Unusual, exc_type)
        self.assertEqual("words", text)
        self.assertTrue(has_traceback)

    def test_the_hook_is_called_in_the_thread_that_failed(self):
        idents = []

        def body():
            idents.append(_thread.get_ident())
            boom()

        (*_, ident), = unraisable_of(body)
        self.assertEqual(idents, [ident])

    @heddle_only("the documentation promises it; CPython 3.13 passes None and puts the function into err_msg")
    def test_the_object_of_the_hook_is_the_function(self):
        seen, reported = [], Gate()

        def hook(given):
            seen.append(given.object)
            reported.open()

        with unraisable_hook(hook):
            _thread.start_new_thread(boom, ())
            reported.wait()
        self.assertEqual([boom], seen)

    def test_the_function_can_be_found_in_the_object_or_the_message(self):
        seen, reported = [], Gate()

        def hook(given):
            seen.append(f"{given.err_msg}{given.object!r}")
            reported.open()

        with unraisable_hook(hook):
            _thread.start_new_thread(boom, ())
            reported.wait()
        self.assertIn("Exception ignored in thread started by", seen[0])
        self.assertIn(repr(boom), seen[0])

    def test_by_default_a_traceback_is_printed(self):
        text = printed_by(boom, ("words",))
        self.assertRegex(text, r"^Exception ignored in thread started by:? <.*>:?\n"
                               r"Traceback \(most recent call last\):\n")
        self.assertIn("raise Unusual(text)", text)
        self.assertRegex(text, r"Unusual: words\n$")

    def test_keyboard_interrupt_and_other_base_exceptions_are_reported_too(self):
        def raise_it(kind):
            raise kind

        for kind in (KeyboardInterrupt, BaseException, GeneratorExit, MemoryError):
            with self.subTest(kind=kind):
                (exc_type, *_), = unraisable_of(raise_it, (kind,))
                self.assertIs(kind, exc_type)

    def test_a_hook_that_fails_does_not_hurt(self):
        def hook(given):
            raise ValueError("the hook fails")

        stderr, former = io.StringIO(), sys.unraisablehook
        with contextlib.redirect_stderr(stderr), unraisable_hook(hook):
            start_to_the_end(boom)
        self.assertIn("the hook fails", stderr.getvalue())
        self.assertIs(former, sys.unraisablehook)

    def test_a_missing_or_broken_stderr_does_not_hurt(self):
        class Broken(io.StringIO):
            def write(self, text):
                raise OSError("broken")

        for stderr in (None, Broken()):
            with self.subTest(stderr=stderr), contextlib.redirect_stderr(stderr):
                start_to_the_end(boom)

    def test_exceptions_of_many_threads_are_all_reported(self):
        seen = []
        with unraisable_hook(lambda given: seen.append(given.exc_type)):
            for _ in range(20):
                _thread.start_new_thread(boom, ())
            self.assertTrue(wait_until(lambda: len(seen) == 20))
        self.assertEqual([Unusual] * 20, seen)


class ThreadingHookTests(ThreadTestCase):
    def run_thread(self, target, name=None):
        thread = threading.Thread(target=target, name=name)
        thread.start()
        thread.join()
        return thread

    def test_the_default_hook_prints_the_name_of_the_thread_and_a_traceback(self):
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            self.run_thread(boom, name="weaver")
        self.assertRegex(stderr.getvalue(),
                         r"^Exception in thread weaver:\nTraceback \(most recent call last\):\n")
        self.assertRegex(stderr.getvalue(), r"Unusual: boom\n$")

    def test_a_hook_of_ones_own_gets_type_value_traceback_and_thread(self):
        seen, former = [], threading.excepthook
        threading.excepthook = lambda args: seen.append((args.exc_type, str(args.exc_value),
                                                         args.exc_traceback is not None, args.thread))
        try:
            thread = self.run_thread(boom)
        finally:
            threading.excepthook = former
        self.assertEqual([(Unusual, "boom", True, thread)], seen)

    def test_system_exit_is_silent(self):
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            self.run_thread(lambda: sys.exit("text"))
        self.assertEqual("", stderr.getvalue())

    def test_a_hook_that_fails_is_reported_by_sys_excepthook(self):
        def hook(args):
            raise ValueError("the hook fails")

        stderr, former = io.StringIO(), threading.excepthook
        threading.excepthook = hook
        try:
            with contextlib.redirect_stderr(stderr):
                self.run_thread(boom)
        finally:
            threading.excepthook = former
        self.assertIn("Exception in threading.excepthook:", stderr.getvalue())
        self.assertIn("ValueError: the hook fails", stderr.getvalue())

    def test_the_c_hook_can_be_called_with_its_argument_type(self):
        try:
            boom()
        except Unusual as error:
            args = _thread._ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread()))
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            _thread._excepthook(args)
        self.assertIn("Exception in thread MainThread:", stderr.getvalue())
        self.assertIs(_thread._ExceptHookArgs, threading.ExceptHookArgs)

    def test_the_c_hook_takes_nothing_else(self):
        with self.assert_raises_text(TypeError, "_thread.excepthook argument type must be ExceptHookArgs"):
            _thread._excepthook(1)

    def test_without_a_thread_the_c_hook_prints_the_identifier(self):
        args = _thread._ExceptHookArgs((Unusual, Unusual("text"), None, None))
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            _thread._excepthook(args)
        self.assertIn(f"Exception in thread {_thread.get_ident()}:", stderr.getvalue())

    def test_other_threads_go_on(self):
        gate, seen = Gate(), []
        with contextlib.redirect_stderr(io.StringIO()), Crew() as crew:
            crew.start(lambda: (gate.wait(), seen.append(1)))
            self.run_thread(boom)
            gate.open()
        self.assertEqual([1], seen)


if __name__ == "__main__":
    unittest.main()

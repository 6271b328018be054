"""Promises of _thread.start_new_thread: its arguments, how a thread begins, how it ends."""
# SPDX-License-Identifier: MIT
import _thread
import contextlib
import contextvars
import functools
import io
import sys
import time
import unittest

from support import Crew, Gate, PATIENCE_S, ThreadTestCase, run_in_thread, start_to_the_end
from support import unraisable_hook, wait_until


class StartTests(ThreadTestCase):
    def test_returns_the_identifier_that_the_thread_sees(self):
        seen, gate = [], Gate()

        def body():
            seen.append(_thread.get_ident())
            gate.open()

        ident = _thread.start_new_thread(body, ())
        gate.wait()
        self.assertIsInstance(ident, int)
        self.assertEqual([ident], seen)

    def test_calls_the_function_with_the_argument_tuple(self):
        seen, gate = [], Gate()

        def body(*args):
            seen.append(args)
            gate.open()

        _thread.start_new_thread(body, (1, "two", None))
        gate.wait()
        self.assertEqual([(1, "two", None)], seen)

    def test_calls_the_function_with_the_keyword_dictionary(self):
        seen, gate = [], Gate()

        def body(*args, **kwargs):
            seen.append((args, kwargs))
            gate.open()

        given = {"left": 2, "right": 3}
        _thread.start_new_thread(body, (1,), given)
        gate.wait()
        self.assertEqual([((1,), {"left": 2, "right": 3})], seen)
        self.assertEqual({"left": 2, "right": 3}, given)

    def test_an_empty_keyword_dictionary_is_like_none_given(self):
        gate = Gate()
        _thread.start_new_thread(gate.open, (), {})
        gate.wait()

    def test_accepts_every_kind_of_callable(self):
        class Callable:
            def __call__(self, gate):
                gate.open()

            def method(self, gate):
                gate.open()

            @classmethod
            def class_method(cls, gate):
                gate.open()

        class Constructed:
            def __init__(self, gate):
                gate.open()

        for function in (Callable(), Callable().method, Callable.class_method, Constructed,
                         functools.partial(Callable()), lambda gate: gate.open(), Gate.open):
            with self.subTest(function=function):
                gate = Gate()
                _thread.start_new_thread(function, (gate,))
                gate.wait()
        lock = _thread.allocate_lock()
        _thread.start_new_thread(lock.acquire, ())
        self.assertTrue(wait_until(lock.locked))

    def test_accepts_subclasses_of_tuple_and_dict(self):
        class Tuple(tuple):
            pass

        class Dict(dict):
            pass

        seen, gate = [], Gate()

        def body(*args, **kwargs):
            seen.append((args, kwargs))
            gate.open()

        _thread.start_new_thread(body, Tuple((1,)), Dict(a=2))
        gate.wait()
        self.assertEqual([((1,), {"a": 2})], seen)

    def test_a_function_that_is_not_callable_is_a_type_error(self):
        for function in (1, None, "text", object()):
            with self.subTest(function=function):
                with self.assert_raises_text(TypeError, "first arg must be callable"):
                    _thread.start_new_thread(function, ())

    def test_arguments_that_are_no_tuple_are_a_type_error(self):
        for args in ([], None, 1, "ab", {}, iter(())):
            with self.subTest(args=args):
                with self.assert_raises_text(TypeError, "2nd arg must be a tuple"):
                    _thread.start_new_thread(print, args)

    def test_keywords_that_are_no_dictionary_are_a_type_error(self):
        for kwargs in ([], None, 1, "ab", ()):
            with self.subTest(kwargs=kwargs):
                with self.assert_raises_text(TypeError, "optional 3rd arg must be a dictionary"):
                    _thread.start_new_thread(print, (), kwargs)

    def test_wrong_numbers_of_arguments_are_a_type_error(self):
        for args in ((), (print,), (print, (), {}, 1)):
            with self.subTest(args=args), self.assertRaises(TypeError):
                _thread.start_new_thread(*args)
        with self.assertRaises(TypeError):
            _thread.start_new_thread(function=print, args=())

    def test_nothing_starts_when_the_arguments_are_wrong(self):
        before = _thread._count()
        for args in ((1, ()), (print, []), (print, (), 1)):
            with contextlib.suppress(TypeError):
                _thread.start_new_thread(*args)
        self.assertEqual(before, _thread._count())

    def test_a_call_that_does_not_fit_the_function_is_reported_from_the_thread(self):
        seen, gate = [], Gate()

        def hook(unraisable):
            seen.append(unraisable.exc_type)
            gate.open()

        with unraisable_hook(hook):
            _thread.start_new_thread(lambda: None, (1, 2))
            gate.wait()
        self.assertEqual([TypeError], seen)

    def test_the_caller_goes_on_while_the_thread_runs(self):
        first, second = Gate(), Gate()

        def body():
            first.wait()
            second.open()

        _thread.start_new_thread(body, ())
        first.open()
        second.wait()

    def test_runs_while_the_starting_thread_computes(self):
        "A thread must not depend on its parent to block: the parent spins here."
        seen = []
        _thread.start_new_thread(seen.append, (1,))
        deadline = time.monotonic() + PATIENCE_S
        while not seen and time.monotonic() < deadline:
            pass
        self.assertEqual([1], seen)


class EndTests(ThreadTestCase):
    def test_a_thread_whose_function_returns_ends_silently(self):
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            start_to_the_end(lambda: 42)
        self.assertEqual("", stderr.getvalue())

    def test_system_exit_ends_the_thread_silently(self):
        class OwnExit(SystemExit):
            pass

        def raise_it(exception_type):
            raise exception_type("text")

        for function, args in ((_thread.exit, ()), (sys.exit, ()), (sys.exit, (3,)), (sys.exit, ("text",)),
                               (raise_it, (SystemExit,)), (raise_it, (OwnExit,))):
            with self.subTest(function=function, args=args):
                calls, stderr = [], io.StringIO()
                with contextlib.redirect_stderr(stderr), unraisable_hook(calls.append):
                    start_to_the_end(function, args)
                self.assertEqual([], calls)
                self.assertEqual("", stderr.getvalue())

    def test_exit_raises_system_exit(self):
        with self.assertRaises(SystemExit) as caught:
            _thread.exit()
        self.assertIsNone(caught.exception.code)

    def test_exit_takes_no_argument(self):
        with self.assertRaises(TypeError):
            _thread.exit(1)

    def test_exit_runs_finally_clauses_and_can_be_caught(self):
        steps = []

        def body():
            try:
                try:
                    _thread.exit()
                finally:
                    steps.append("finally")
            except SystemExit:
                steps.append("caught")

        run_in_thread(body)
        self.assertEqual(["finally", "caught"], steps)

    def test_other_threads_go_on_after_an_exception(self):
        gate, seen, reported = Gate(), [], Gate()

        def bystander():
            gate.wait()
            seen.append("went on")

        def boom():
            raise ValueError("boom")

        with Crew() as crew, unraisable_hook(lambda args: reported.open()):
            crew.start(bystander)
            _thread.start_new_thread(boom, ())
            reported.wait()
            gate.open()
        self.assertEqual(["went on"], seen)


class FreshStateTests(ThreadTestCase):
    def test_a_new_thread_handles_no_exception(self):
        try:
            raise ValueError
        except ValueError:
            self.assertEqual((None, None, None), run_in_thread(sys.exc_info))

    def test_a_new_thread_has_an_empty_context(self):
        variable = contextvars.ContextVar("variable")
        variable.set("main")
        self.assertEqual("nothing", run_in_thread(variable.get, "nothing"))

    def test_a_new_thread_has_the_full_recursion_limit(self):
        def depth(n):
            return n if n == 0 else depth(n - 1)

        limit = sys.getrecursionlimit()
        self.assertEqual(0, run_in_thread(depth, limit - 100))
        with self.assertRaises(RecursionError):
            run_in_thread(depth, limit + 100)

    def test_a_new_thread_inherits_no_trace_function(self):
        former = sys.gettrace()
        sys.settrace(lambda *args: None)
        try:
            self.assertIsNone(run_in_thread(sys.gettrace))
        finally:
            sys.settrace(former)

    def test_current_frames_shows_the_thread(self):
        ready, gate = Gate(), Gate()

        def body():
            ready.open()
            gate.wait()

        with Crew() as crew:
            ident = crew.start(body)
            ready.wait()
            self.assertIn(ident, sys._current_frames())
            gate.open()


class NestedStartTests(ThreadTestCase):
    def test_a_thread_can_start_a_thread(self):
        self.assertNotEqual(run_in_thread(lambda: run_in_thread(_thread.get_ident)), _thread.get_ident())

    def test_a_chain_of_fifty_threads_each_started_by_the_one_before(self):
        order, gate = [], Gate()

        def link(n):
            order.append(n)
            if n == 50:
                gate.open()
            else:
                _thread.start_new_thread(link, (n + 1,))

        _thread.start_new_thread(link, (1,))
        gate.wait()
        self.assertEqual(list(range(1, 51)), order)

    def test_eight_threads_start_threads_at_the_same_time(self):
        "Hammers the thread table: starts and ends race with each other."
        done = []

        def starter():
            for _ in range(10):
                run_in_thread(done.append, 1)

        with Crew() as crew:
            for _ in range(8):
                crew.start(starter)
        self.assertEqual(80, len(done))


if __name__ == "__main__":
    unittest.main()

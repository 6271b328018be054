"""Promises of _thread.stack_size, and that deep recursion in a thread is an exception, not a crash."""
# SPDX-License-Identifier: MIT
import _thread
import ast
import copy
import functools
import json
import pickle
import threading
import unittest

from support import Crew, ThreadTestCase, heddle_only, needs, run_in_thread, stack_size

KIB = 1024


class SizeTests(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(_thread.stack_size, _thread.stack_size())

    def test_is_zero_by_default(self):
        self.assertEqual(0, _thread.stack_size())

    def test_setting_gives_the_former_size(self):
        self.assertEqual(0, _thread.stack_size(256 * KIB))
        self.assertEqual(256 * KIB, _thread.stack_size(512 * KIB))
        self.assertEqual(512 * KIB, _thread.stack_size(0))
        self.assertEqual(0, _thread.stack_size())

    def test_asking_without_an_argument_gives_the_size_and_restores_the_default(self):
        "The documentation: if size is not specified, 0 is used."
        _thread.stack_size(256 * KIB)
        self.assertEqual(256 * KIB, _thread.stack_size())
        self.assertEqual(0, _thread.stack_size())

    def test_thirty_two_kib_is_the_smallest_size(self):
        _thread.stack_size(32768)
        self.assertEqual(32768, _thread.stack_size(0))

    def test_a_size_below_the_minimum_is_a_value_error_and_changes_nothing(self):
        _thread.stack_size(256 * KIB)
        for size in (1, 4096, 32767):
            with self.subTest(size=size):
                with self.assert_raises_text(ValueError, f"size not valid: {size} bytes"):
                    _thread.stack_size(size)
                self.assertEqual(256 * KIB, _thread.stack_size(256 * KIB))

    def test_a_negative_size_is_a_value_error_and_changes_nothing(self):
        _thread.stack_size(256 * KIB)
        for size in (-1, -32768):
            with self.subTest(size=size):
                with self.assert_raises_text(ValueError, "size must be 0 or a positive value"):
                    _thread.stack_size(size)
                self.assertEqual(256 * KIB, _thread.stack_size(256 * KIB))

    def test_a_size_of_the_wrong_type_is_a_type_error(self):
        for size in ("65536", 65536.0, None, []):
            with self.subTest(size=size), self.assertRaises(TypeError):
                _thread.stack_size(size)
        with self.assertRaises(TypeError):
            _thread.stack_size(65536, 1)
        with self.assertRaises(TypeError):
            _thread.stack_size(size=65536)

    def test_a_size_no_machine_has_is_refused_now_or_at_the_start(self):
        with self.assertRaises(OverflowError):
            _thread.stack_size(2**80)
        try:
            _thread.stack_size(2**62)
        except (OverflowError, ValueError):
            self.assertEqual(0, _thread.stack_size())
        else:
            with self.assert_raises_text(RuntimeError, "can't start new thread"):
                _thread.start_new_thread(print, ())
            _thread.stack_size(0)
        self.assertEqual(1, run_in_thread(lambda: 1))

    def test_threading_gives_the_same_function(self):
        self.assertIs(_thread.stack_size, threading.stack_size)


class HonouredTests(ThreadTestCase):
    @staticmethod
    def reach(limit=100_000):
        """How deep the parser-free C recursion of repr() gets before it is stopped."""
        nested, depth = [], 0
        while depth < limit:
            nested, depth = [nested], depth + 1
            if depth % 1000 == 0:
                try:
                    repr(nested)
                except RecursionError:
                    return depth
        return limit

    def test_threads_of_many_sizes_start_and_work(self):
        for size in (64 * KIB, 100_000, 256 * KIB, 1024 * KIB, 4096 * KIB, 16 * 1024 * KIB):
            with self.subTest(size=size), stack_size(size):
                self.assertEqual(["a", "b"], run_in_thread(sorted, {"b": 1, "a": 2}))

    def test_the_smallest_size_is_enough_for_a_small_function(self):
        with stack_size(32768):
            self.assertEqual(3, run_in_thread(lambda: 1 + 2))

    def test_the_size_holds_for_threads_started_later_and_not_for_running_ones(self):
        with stack_size(1024 * KIB):
            self.assertEqual(1, run_in_thread(lambda: 1))
        self.assertEqual(1, run_in_thread(lambda: 1))

    @heddle_only("CPython's recursion limit for C code does not know the size of the stack")
    def test_deep_recursion_on_a_small_stack_is_a_recursion_error(self):
        for size in (128 * KIB, 256 * KIB, 1024 * KIB):
            with self.subTest(size=size), stack_size(size):
                run_in_thread(self.reach)

    @heddle_only("CPython's recursion limit for C code does not know the size of the stack")
    def test_a_larger_stack_allows_no_less_depth(self):
        with stack_size(256 * KIB):
            small = run_in_thread(self.reach)
        with stack_size(4096 * KIB):
            large = run_in_thread(self.reach)
        self.assertGreaterEqual(large, small)


def nested_list(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def nested_tuple(depth):
    value = ()
    for _ in range(depth):
        value = (value,)
    return value


def nested_dict(depth):
    value = {}
    for _ in range(depth):
        value = {"k": value}
    return value


class ReprsItself:
    def __repr__(self):
        return repr(self)


class CallsItselfThroughSorted:
    def __lt__(self, other):
        return sorted([self, other])


class DelegatesAttributes:
    def __getattr__(self, name):
        return getattr(self, name)


class DeepRecursionTests(ThreadTestCase):
    """In a thread with the default stack: each of these ends as an exception that Python can catch."""

    depth = 100_000

    def assert_recursion_error(self, function, *args, also=()):
        def body():
            try:
                function(*args)
            except (RecursionError, *also):
                return "stopped"
            return "went through"

        self.assertEqual("stopped", run_in_thread(body))
        self.assertEqual(2, run_in_thread(lambda: 1 + 1))

    def test_python_functions(self):
        def forever():
            return forever()

        self.assert_recursion_error(forever)

    def test_python_functions_that_c_code_calls(self):
        def forever(_):
            return list(map(forever, [1]))

        self.assert_recursion_error(forever, 1)
        self.assert_recursion_error(sorted, [CallsItselfThroughSorted(), CallsItselfThroughSorted()])
        self.assert_recursion_error(getattr, DelegatesAttributes(), "missing")
        self.assert_recursion_error(repr, ReprsItself())

    def test_repr_and_str_of_nested_containers(self):
        self.assert_recursion_error(repr, nested_list(self.depth))
        self.assert_recursion_error(str, nested_tuple(self.depth))
        self.assert_recursion_error(repr, nested_dict(self.depth))

    def test_comparing_and_hashing_nested_containers(self):
        first, second = nested_list(self.depth), nested_list(self.depth)
        self.assert_recursion_error(lambda: first == second)
        one, other = nested_dict(self.depth), nested_dict(self.depth)
        self.assert_recursion_error(lambda: one == other)

    def test_json_reading_and_writing(self):
        self.assert_recursion_error(json.loads, "[" * self.depth)
        self.assert_recursion_error(json.loads, '{"a":' * self.depth)
        self.assert_recursion_error(json.dumps, nested_list(self.depth))
        self.assert_recursion_error(json.dumps, nested_dict(self.depth))

    def test_pickling(self):
        self.assert_recursion_error(pickle.dumps, nested_list(self.depth))
        self.assert_recursion_error(pickle.dumps, nested_dict(self.depth))

    def test_deep_copies(self):
        self.assert_recursion_error(copy.deepcopy, nested_list(self.depth))

    def test_the_parser_and_the_compiler(self):
        stopped = (MemoryError, SyntaxError)
        self.assert_recursion_error(ast.parse, "(" * self.depth + ")" * self.depth, also=stopped)
        self.assert_recursion_error(ast.parse, "-" * self.depth + "1", also=stopped)
        self.assert_recursion_error(compile, "a" + ".a" * self.depth, "<deep>", "eval", also=stopped)
        self.assert_recursion_error(eval, "+" * self.depth + "1", also=stopped)
        self.assert_recursion_error(ast.literal_eval, "[" * 500 + "]" * 500, also=stopped)

    def test_syntax_trees_made_by_hand(self):
        def build():
            place = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 1}
            node = ast.Constant(1, **place)
            for _ in range(self.depth):
                node = ast.UnaryOp(ast.USub(), node, **place)
            compile(ast.Expression(node), "<deep>", "eval")

        self.assert_recursion_error(build, also=(MemoryError,))

    def test_isinstance_with_nested_tuples(self):
        self.assert_recursion_error(isinstance, 1, nested_tuple(self.depth))

    def test_class_checks_that_ask_again(self):
        class Meta(type):
            def __instancecheck__(cls, instance):
                return isinstance(instance, cls)

        class Mine(metaclass=Meta):
            pass

        self.assert_recursion_error(isinstance, 1, Mine)

    def test_repr_of_nested_partial_objects(self):
        value = int
        for _ in range(self.depth):
            value = functools.partial(print, value)
        self.assert_recursion_error(repr, value)

    @needs("xml.etree.ElementTree")
    def test_nested_xml_is_read_and_copied_or_refused_but_no_crash(self):
        from xml.etree import ElementTree

        def build():
            try:
                copy.deepcopy(ElementTree.fromstring("<a>" * 20_000 + "</a>" * 20_000))
            except RecursionError:
                pass
            return "alive"

        self.assertEqual("alive", run_in_thread(build))

    def test_freeing_what_is_nested_is_no_recursion(self):
        def body():
            value = nested_list(1_000_000)
            del value
            value = nested_tuple(200_000)
            del value
            value = nested_dict(200_000)
            del value
            return "freed"

        self.assertEqual("freed", run_in_thread(body))

    def test_several_threads_recurse_at_the_same_time(self):
        stopped = []

        def body():
            for _ in range(3):
                try:
                    json.loads("[" * self.depth)
                except RecursionError:
                    stopped.append(1)

        with Crew() as crew:
            for _ in range(6):
                crew.start(body)
        self.assertEqual(18, len(stopped))

    def test_the_main_thread_is_stopped_the_same_way(self):
        for function, value in ((repr, nested_list(self.depth)), (json.loads, "[" * self.depth)):
            with self.subTest(function=function), self.assertRaises(RecursionError):
                function(value)


if __name__ == "__main__":
    unittest.main()

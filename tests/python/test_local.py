"""Promises of _thread._local, the type behind threading.local: one set of attributes for each thread."""
# SPDX-License-Identifier: MIT
import _thread
import gc
import threading
import unittest
import weakref

from support import Crew, Gate, ThreadTestCase, run_in_thread, wait_until


class Thing:
    """Something that can be weakly referenced."""


class LocalTests(ThreadTestCase):
    def test_threading_local_is_this_type(self):
        self.assertIs(_thread._local, threading.local)

    def test_each_thread_sees_its_own_value(self):
        local, wrong = _thread._local(), []
        local.value = "main"

        def body(n):
            if hasattr(local, "value"):
                wrong.append(n)
            for step in range(100):
                local.value = (n, step)
                if local.value != (n, step):
                    wrong.append(n)

        with Crew() as crew:
            for n in range(8):
                crew.start(body, n)
        self.assertEqual([], wrong)
        self.assertEqual("main", local.value)

    def test_its_dictionary_is_the_one_of_the_thread_that_asks(self):
        local = _thread._local()
        local.a = 1
        self.assertEqual({"a": 1}, local.__dict__)
        self.assertEqual({}, run_in_thread(lambda: dict(local.__dict__)))

    def test_the_dictionary_cannot_be_replaced(self):
        with self.assertRaises(AttributeError):
            _thread._local().__dict__ = {}
        with self.assertRaises(AttributeError):
            del _thread._local().__dict__

    def test_attributes_can_be_deleted_and_missing_ones_are_an_attribute_error(self):
        local = _thread._local()
        local.a = 1
        del local.a
        with self.assertRaises(AttributeError):
            local.a
        with self.assertRaises(AttributeError):
            del local.a

    def test_init_of_a_subclass_runs_once_for_each_thread_with_the_given_arguments(self):
        calls = []

        class Local(_thread._local):
            def __init__(self, *args, **kwargs):
                calls.append((_thread.get_ident(), args, kwargs))
                self.start = args[0]

        local = Local(7, b=8)
        self.assertEqual(7, local.start)
        ident, value = run_in_thread(lambda: (_thread.get_ident(), (local.start, local.start)[0]))
        self.assertEqual(7, value)
        self.assertEqual([(_thread.get_ident(), (7,), {"b": 8}), (ident, (7,), {"b": 8})], calls)

    def test_an_exception_from_init_comes_out_where_the_attribute_was_asked_for(self):
        class Local(_thread._local):
            def __init__(self):
                if _thread.get_ident() != threading.main_thread().ident:
                    raise ZeroDivisionError

        local = Local()
        with self.assertRaises(ZeroDivisionError):
            run_in_thread(lambda: local.value)

    def test_arguments_without_an_init_are_a_type_error(self):
        with self.assertRaises(TypeError):
            _thread._local(1)
        with self.assertRaises(TypeError):
            _thread._local(a=1)

    def test_class_attributes_and_slots_are_shared(self):
        class Local(_thread._local):
            __slots__ = ("slot",)
            shared = []

        local = Local()
        local.slot = "from main"
        self.assertEqual("from main", run_in_thread(lambda: local.slot))
        run_in_thread(lambda: local.shared.append(1))
        self.assertEqual([1], local.shared)

    def test_properties_and_methods_work(self):
        class Local(_thread._local):
            @property
            def double(self):
                return self.value * 2

            def triple(self):
                return self.value * 3

        def body():
            local.value = 5
            return local.double, local.triple()

        local = Local()
        local.value = 1
        self.assertEqual((10, 15), run_in_thread(body))
        self.assertEqual((2, 3), (local.double, local.triple()))

    def test_values_are_released_when_their_thread_ends(self):
        local, gate, references = _thread._local(), Gate(), []

        def body():
            local.thing = Thing()
            references.append(weakref.ref(local.thing))
            gate.wait()

        _thread.start_new_thread(body, ())
        self.assertTrue(wait_until(lambda: references))
        self.assertIsNotNone(references[0]())
        gate.open()
        self.assertTrue(wait_until(lambda: references[0]() is None))

    def test_values_of_all_threads_are_released_with_the_object(self):
        local, gate, done, references = _thread._local(), Gate(), Gate(), []

        def body(local):
            local.thing = Thing()
            references.append(weakref.ref(local.thing))
            del local
            done.wait() if len(references) > 8 else gate.wait()

        for _ in range(4):
            _thread.start_new_thread(lambda box: body(box.pop()), ([local],))
        self.assertTrue(wait_until(lambda: len(references) == 4))
        del local
        self.assertTrue(wait_until(lambda: gc.collect() is not None and not any(r() for r in references)))
        gate.open()

    def test_a_cycle_through_a_local_is_collected(self):
        local = _thread._local()
        local.self = local
        reference = weakref.ref(local)
        del local
        gc.collect()
        self.assertIsNone(reference())

    def test_a_value_may_use_the_local_while_it_is_released(self):
        "Hammers the teardown: finalizers run while the thread's values go away."
        seen = []
        local = _thread._local()

        class Talks:
            def __del__(self):
                seen.append(getattr(local, "other", "gone"))

        def body():
            local.other = "here"
            local.talks = Talks()

        for _ in range(20):
            run_in_thread(body)
        self.assertTrue(wait_until(lambda: len(seen) == 20))


if __name__ == "__main__":
    unittest.main()

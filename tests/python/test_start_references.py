"""What start_new_thread was given is released when the thread is done, and not before."""
# SPDX-License-Identifier: MIT
import _thread
import gc
import unittest
import weakref

from support import Gate, ThreadTestCase, unraisable_hook, wait_until


class Thing:
    """Something that can be weakly referenced."""


class ReleaseTests(ThreadTestCase):
    def assert_released(self, *references):
        self.assertTrue(wait_until(lambda: gc.collect() is not None and not any(r() for r in references)),
                        "the thread kept something alive")

    def test_arguments_are_released_when_the_thread_is_done(self):
        positional, keyword = Thing(), Thing()
        references = weakref.ref(positional), weakref.ref(keyword)
        gate = Gate()
        _thread.start_new_thread(lambda a, b: gate.wait(), (positional,), {"b": keyword})
        del positional, keyword
        self.assertTrue(all(r() is not None for r in references), "released while the thread runs")
        gate.open()
        self.assert_released(*references)

    def test_the_function_is_released_when_the_thread_is_done(self):
        class Callable:
            def __call__(self):
                gate.wait()

        gate, function = Gate(), Callable()
        reference = weakref.ref(function)
        _thread.start_new_thread(function, ())
        del function
        self.assertIsNotNone(reference())
        gate.open()
        self.assert_released(reference)

    def test_arguments_are_released_after_an_exception(self):
        def boom(thing):
            raise ValueError

        thing, reported = Thing(), Gate()
        reference = weakref.ref(thing)
        with unraisable_hook(lambda args: reported.open()):
            _thread.start_new_thread(boom, (thing,))
            del thing
            reported.wait()
            self.assert_released(reference)

    def test_arguments_are_released_after_exit(self):
        thing = Thing()
        reference = weakref.ref(thing)
        _thread.start_new_thread(lambda a: _thread.exit(), (thing,))
        del thing
        self.assert_released(reference)

    def test_arguments_are_released_when_the_call_is_refused(self):
        thing = Thing()
        reference = weakref.ref(thing)
        with self.assertRaises(TypeError):
            _thread.start_new_thread(print, [thing])
        with self.assertRaises(TypeError):
            _thread.start_new_thread(print, (thing,), 1)
        del thing
        self.assert_released(reference)

    def test_the_keyword_dictionary_is_not_kept(self):
        class Dict(dict):
            pass

        kwargs, gate = Dict(), Gate()
        reference = weakref.ref(kwargs)
        _thread.start_new_thread(gate.open, (), kwargs)
        gate.wait()
        del kwargs
        self.assert_released(reference)


if __name__ == "__main__":
    unittest.main()

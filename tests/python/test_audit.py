"""Promises about auditing: starting a thread raises an event before anything starts, and a hook may veto."""
# SPDX-License-Identifier: MIT
import _thread
import gc
import sys
import threading
import unittest
import weakref

from support import Gate, ThreadTestCase, wait_until

_listener = None


def _hook(event, args):
    if _listener is not None and event.startswith("_thread."):
        _listener(event, args)


sys.addaudithook(_hook)  # cannot be taken away again, so one hook serves all tests


class Veto(Exception):
    """What a refusing hook raises here."""


class AuditTests(ThreadTestCase):
    def listen(self, listener):
        global _listener
        _listener = listener
        self.addCleanup(self.listen_no_more)

    def listen_no_more(self):
        global _listener
        _listener = None

    def test_the_event_carries_function_args_and_kwargs(self):
        events, gate = [], Gate()

        def body(*args, **kwargs):
            gate.open()

        self.listen(lambda *event: events.append(event))
        args, kwargs = (1, 2), {"a": 3}
        _thread.start_new_thread(body, args, kwargs)
        gate.wait()
        (event, (function, seen_args, seen_kwargs)), = events
        self.assertEqual("_thread.start_new_thread", event)
        self.assertIs(body, function)
        self.assertIs(args, seen_args)
        self.assertEqual(kwargs, seen_kwargs)

    def test_keywords_that_were_not_given_are_none_in_the_event(self):
        events, gate = [], Gate()
        self.listen(lambda *event: events.append(event))
        _thread.start_new_thread(gate.open, ())
        gate.wait()
        self.assertEqual([("_thread.start_new_thread", (gate.open, (), None))], events)

    def test_the_event_comes_in_the_starting_thread_before_anything_starts(self):
        steps, gate, before = [], Gate(), _thread._count()

        def body():
            steps.append("body")
            gate.open()

        self.listen(lambda *event: steps.append((_thread.get_ident(), _thread._count())))
        _thread.start_new_thread(body, ())
        gate.wait()
        self.assertEqual([(_thread.get_ident(), before), "body"], steps)

    def test_a_hook_that_raises_vetoes_the_start(self):
        ran = []

        def refuse(event, args):
            raise Veto

        before = _thread._count()
        self.listen(refuse)
        with self.assertRaises(Veto):
            _thread.start_new_thread(ran.append, (1,))
        self.listen_no_more()
        self.assertEqual(before, _thread._count())
        gate = Gate()
        _thread.start_new_thread(gate.open, ())
        gate.wait()
        self.assertEqual([], ran)

    def test_a_vetoed_start_keeps_nothing_alive(self):
        class Thing:
            pass

        def refuse(event, args):
            raise Veto

        thing = Thing()
        reference = weakref.ref(thing)
        self.listen(refuse)
        with self.assertRaises(Veto):
            _thread.start_new_thread(print, (thing,), {"file": thing})
        self.listen_no_more()
        del thing
        self.assertTrue(wait_until(lambda: gc.collect() is not None and reference() is None))

    def test_wrong_arguments_raise_no_event(self):
        events = []
        self.listen(lambda *event: events.append(event))
        for args in ((1, ()), (print, []), (print, (), 1)):
            with self.assertRaises(TypeError):
                _thread.start_new_thread(*args)
        self.assertEqual([], events)

    def test_a_joinable_start_has_an_event_of_its_own(self):
        events = []

        def body():
            pass

        self.listen(lambda *event: events.append(event))
        _thread.start_joinable_thread(body, daemon=False).join()
        (event, (function, daemon, handle)), = events
        self.assertEqual("_thread.start_joinable_thread", event)
        self.assertIs(body, function)
        self.assertEqual(0, daemon)

    def test_a_veto_reaches_the_caller_of_thread_start(self):
        def refuse(event, args):
            raise Veto

        thread = threading.Thread(target=print)
        self.listen(refuse)
        with self.assertRaises(Veto):
            thread.start()
        self.listen_no_more()
        self.assertFalse(thread.is_alive())
        self.assertNotIn(thread, threading.enumerate())


if __name__ == "__main__":
    unittest.main()

"""Promises of _thread.start_joinable_thread and of its handles, on which threading.Thread stands."""
# SPDX-License-Identifier: MIT
import _thread
import gc
import time
import unittest

from support import Crew, Gate, PATIENCE_S, ThreadTestCase


class JoinableTests(ThreadTestCase):
    def test_gives_a_handle_with_the_identifier(self):
        seen = []
        handle = _thread.start_joinable_thread(lambda: seen.append(_thread.get_ident()))
        handle.join()
        self.assertEqual([handle.ident], seen)

    def test_join_waits_for_the_end(self):
        gate, steps = Gate(), []

        def body():
            gate.wait()
            time.sleep(0.02)
            steps.append("ended")

        handle = _thread.start_joinable_thread(body)
        self.assertFalse(handle.is_done())
        gate.open()
        self.assertIsNone(handle.join())
        self.assertEqual(["ended"], steps)
        self.assertTrue(handle.is_done())

    def test_join_with_a_timeout_gives_up(self):
        gate = Gate()
        handle = _thread.start_joinable_thread(gate.wait)
        handle.join(0.01)
        self.assertFalse(handle.is_done())
        handle.join(0)
        self.assertFalse(handle.is_done())
        gate.open()
        handle.join(PATIENCE_S)
        self.assertTrue(handle.is_done())

    def test_join_can_be_repeated_and_called_by_many(self):
        gate = Gate()
        handle = _thread.start_joinable_thread(gate.wait)
        with Crew() as crew:
            for _ in range(5):
                crew.start(handle.join)
            gate.open()
        handle.join()
        handle.join()

    def test_a_thread_that_joins_itself_gets_a_runtime_error(self):
        handles, seen, ready = [], [], Gate()

        def body():
            ready.wait()
            try:
                handles[0].join()
            except RuntimeError as error:
                seen.append(str(error))

        handles.append(_thread.start_joinable_thread(body))
        ready.open()
        handles[0].join(PATIENCE_S)
        self.assertEqual(["Cannot join current thread"], seen)

    def test_a_handle_starts_one_thread_only(self):
        handle = _thread._ThreadHandle()
        self.assertIs(handle, _thread.start_joinable_thread(lambda: None, handle=handle))
        handle.join()
        with self.assert_raises_text(RuntimeError, "thread already started"):
            _thread.start_joinable_thread(lambda: None, handle=handle)

    def test_joining_before_the_start_is_a_runtime_error(self):
        with self.assert_raises_text(RuntimeError, "thread not started"):
            _thread._ThreadHandle().join()

    def test_refuses_what_is_not_callable_and_what_is_no_handle(self):
        with self.assert_raises_text(TypeError, "thread function must be callable"):
            _thread.start_joinable_thread(1)
        with self.assert_raises_text(TypeError, "'handle' must be a _ThreadHandle"):
            _thread.start_joinable_thread(lambda: None, handle=1)

    def test_a_handle_shows_its_identifier(self):
        self.assertEqual("<_thread._ThreadHandle object: ident=0>", repr(_thread._ThreadHandle()))
        handle = _thread.start_joinable_thread(lambda: None)
        handle.join()
        self.assertEqual(f"<_thread._ThreadHandle object: ident={handle.ident}>", repr(handle))

    def test_a_handle_that_is_dropped_does_not_end_its_thread(self):
        gate, ended = Gate(), Gate()

        def body():
            gate.wait()
            ended.open()

        _thread.start_joinable_thread(body)
        gc.collect()
        gate.open()
        ended.wait()


if __name__ == "__main__":
    unittest.main()

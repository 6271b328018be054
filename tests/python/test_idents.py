"""Promises of get_ident and get_native_id, and of _count, which counts the threads that run."""
# SPDX-License-Identifier: MIT
import _thread
import threading
import unittest

from support import Crew, Gate, ThreadTestCase, run_in_thread, wait_until


def gather(count, ask):
    """What ask() gives in `count` threads that are all alive at the same moment."""
    answers, gate = [], Gate()

    def body():
        answers.append(ask())
        gate.wait()

    with Crew() as crew:
        for _ in range(count):
            crew.start(body)
        try:
            assert wait_until(lambda: len(answers) == count)
        finally:
            gate.open()
    return answers


class IdentTests(ThreadTestCase):
    def test_is_a_nonzero_int(self):
        for ident in (_thread.get_ident(), run_in_thread(_thread.get_ident)):
            self.assertIs(int, type(ident))
            self.assertNotEqual(0, ident)

    def test_stays_the_same_within_a_thread(self):
        self.assertEqual(_thread.get_ident(), _thread.get_ident())
        self.assertEqual(1, len(set(run_in_thread(lambda: [_thread.get_ident() for _ in range(100)]))))

    def test_differs_among_living_threads(self):
        idents = gather(32, _thread.get_ident) + [_thread.get_ident()]
        self.assertEqual(33, len(set(idents)))

    def test_can_index_a_dictionary(self):
        data = {}

        def ask():
            data[_thread.get_ident()] = _thread.get_native_id()
            return _thread.get_ident(), _thread.get_native_id()

        for ident, native_id in gather(8, ask):
            self.assertEqual(native_id, data[ident])

    def test_the_main_thread_can_be_told(self):
        self.assertEqual(_thread.get_ident(), _thread._get_main_thread_ident())
        self.assertEqual(threading.main_thread().ident, run_in_thread(_thread._get_main_thread_ident))

    def test_takes_no_argument(self):
        with self.assertRaises(TypeError):
            _thread.get_ident(1)

    def test_threading_reports_the_same_identifier(self):
        seen = []
        thread = threading.Thread(target=lambda: seen.append(_thread.get_ident()))
        thread.start()
        thread.join()
        self.assertEqual([thread.ident], seen)
        self.assertIs(_thread.get_ident, threading.get_ident)


class NativeIdTests(ThreadTestCase):
    def test_is_a_non_negative_int(self):
        for native_id in (_thread.get_native_id(), run_in_thread(_thread.get_native_id)):
            self.assertIs(int, type(native_id))
            self.assertGreaterEqual(native_id, 0)

    def test_differs_among_living_threads(self):
        self.assertEqual(33, len(set(gather(32, _thread.get_native_id) + [_thread.get_native_id()])))

    def test_stays_the_same_within_a_thread(self):
        self.assertEqual(1, len(set(run_in_thread(lambda: [_thread.get_native_id() for _ in range(100)]))))

    def test_threading_reports_the_same_native_identifier(self):
        seen = []
        thread = threading.Thread(target=lambda: seen.append(_thread.get_native_id()))
        self.assertIsNone(thread.native_id)
        thread.start()
        thread.join()
        self.assertEqual([thread.native_id], seen)
        self.assertEqual(_thread.get_native_id(), threading.main_thread().native_id)

    def test_takes_no_argument(self):
        with self.assertRaises(TypeError):
            _thread.get_native_id(1)


class CountTests(ThreadTestCase):
    def test_counts_the_threads_that_run_without_the_main_one(self):
        before, gate = _thread._count(), Gate()
        with Crew() as crew:
            for n in range(5):
                crew.start(gate.wait)
                self.assertTrue(wait_until(lambda: _thread._count() == before + n + 1))
            gate.open()
        self.assertTrue(wait_until(lambda: _thread._count() == before))


if __name__ == "__main__":
    unittest.main()

"""Promises about daemon threads and shutdown as far as they show within one program."""
# SPDX-License-Identifier: MIT
#
# programs/exit_*.py, which run.js starts, tell how whole programs end.

import _thread
import threading
import unittest

from support import Gate, PATIENCE_S, ThreadTestCase


class DaemonTests(ThreadTestCase):
    def test_threads_are_not_daemons_unless_asked(self):
        self.assertFalse(threading.Thread().daemon)
        self.assertTrue(threading.Thread(daemon=True).daemon)
        self.assertFalse(threading.main_thread().daemon)

    def test_a_thread_inherits_the_daemon_flag_of_its_creator(self):
        seen = []

        def body():
            seen.append(threading.Thread().daemon)

        for daemon in (True, False):
            thread = threading.Thread(target=body, daemon=daemon)
            thread.start()
            thread.join()
        self.assertEqual([True, False], seen)

    def test_the_flag_cannot_change_after_the_start(self):
        gate = Gate()
        thread = threading.Thread(target=gate.wait)
        thread.start()
        with self.assert_raises_text(RuntimeError, "cannot set daemon status of active thread"):
            thread.daemon = True
        gate.open()
        thread.join()

    def test_daemon_threads_can_be_joined(self):
        seen = []
        thread = threading.Thread(target=seen.append, args=(1,), daemon=True)
        thread.start()
        thread.join(PATIENCE_S)
        self.assertFalse(thread.is_alive())
        self.assertEqual([1], seen)

    def test_a_bare_thread_appears_as_a_dummy_that_is_a_daemon(self):
        seen, gate = [], Gate()

        def body():
            seen.append(threading.current_thread())
            gate.open()

        _thread.start_new_thread(body, ())
        gate.wait()
        self.assertTrue(seen[0].daemon)
        self.assertRegex(seen[0].name, r"^Dummy-\d+$")


class JoinTests(ThreadTestCase):
    def test_a_thread_that_was_not_started_cannot_be_joined(self):
        with self.assert_raises_text(RuntimeError, "cannot join thread before it is started"):
            threading.Thread().join()

    def test_the_current_thread_cannot_be_joined(self):
        with self.assert_raises_text(RuntimeError, "cannot join current thread"):
            threading.current_thread().join()

    def test_a_thread_can_be_started_only_once(self):
        thread = threading.Thread()
        thread.start()
        thread.join()
        with self.assert_raises_text(RuntimeError, "threads can only be started once"):
            thread.start()

    def test_after_a_join_the_thread_is_not_alive(self):
        for _ in range(50):
            thread = threading.Thread()
            thread.start()
            thread.join()
            self.assertFalse(thread.is_alive())
            self.assertNotIn(thread, threading.enumerate())

    def test_many_threads_join_one(self):
        gate, joined = Gate(), []
        thread = threading.Thread(target=gate.wait)
        thread.start()
        joiners = [threading.Thread(target=lambda: (thread.join(), joined.append(1))) for _ in range(8)]
        for joiner in joiners:
            joiner.start()
        gate.open()
        for joiner in joiners:
            joiner.join(PATIENCE_S)
        self.assertEqual(8, len(joined))


if __name__ == "__main__":
    unittest.main()

"""Promises about faulthandler in one process: it writes to the descriptor it was given, from any thread."""
# SPDX-License-Identifier: MIT
import _thread
import faulthandler
import os
import re
import signal
import tempfile
import threading
import unittest

from support import Crew, Gate, ThreadTestCase, wait_until

SIGNUM = signal.SIGUSR2


class FaulthandlerDescriptors(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.file = tempfile.TemporaryFile("w+b")
        self.addCleanup(self.file.close)

    def text(self):
        # The position stays where it is: another thread may be writing there.
        fd = self.file.fileno()
        return os.pread(fd, os.fstat(fd).st_size, 0).decode()

    def test_dump_traceback(self):
        for target in (self.file, self.file.fileno()):
            faulthandler.dump_traceback(target, all_threads=False)
        pattern = r"(?:Stack \(most recent call first\):\n  File .*, line \d+ in test_dump_traceback\n(?:  File .*\n)*){2}"
        self.assertRegex(self.text(), f"^{pattern}$")

    def test_all_threads_are_named_by_their_idents(self):
        idents, release = [], Gate()

        def wait_here():
            idents.append(threading.get_ident())
            release.wait()

        with Crew() as crew:
            for _ in range(3):
                crew.start(wait_here)
            self.assertTrue(wait_until(lambda: len(idents) == 3))
            faulthandler.dump_traceback(self.file)
            release.open()
        text = self.text()
        seen = [int(ident, 16) for ident in re.findall(r"^Thread 0x([0-9a-f]+)", text, re.MULTILINE)]
        self.assertLessEqual(set(idents), set(seen), text)
        current = re.findall(r"^Current thread 0x([0-9a-f]+)", text, re.MULTILINE)
        self.assertEqual([int(ident, 16) for ident in current], [threading.get_ident()])
        self.assertEqual(len(re.findall(r"in wait_here$", text, re.MULTILINE)), 3, text)

    def test_registered_signal(self):
        faulthandler.register(SIGNUM, self.file.fileno())
        try:
            signal.raise_signal(SIGNUM)
        finally:
            self.assertTrue(faulthandler.unregister(SIGNUM))
        self.assertFalse(faulthandler.unregister(SIGNUM))
        self.assertRegex(self.text(), r"line \d+ in test_registered_signal\n")

    def test_registered_signal_sent_by_another_thread_shows_the_main_thread(self):
        """os.kill() may run the handler on any thread; the dump has the main thread's stack all the same."""
        faulthandler.register(SIGNUM, self.file)
        try:
            with Crew() as crew:
                crew.start(os.kill, os.getpid(), SIGNUM)
        finally:
            faulthandler.unregister(SIGNUM)
        self.assertIn("test_registered_signal_sent_by_another_thread", self.text())

    def test_chained_handler_runs(self):
        handled = []
        former = signal.signal(SIGNUM, lambda *args: handled.append(args[0]))
        try:
            faulthandler.register(SIGNUM, self.file, chain=True)
            for _ in range(2):
                signal.raise_signal(SIGNUM)
            faulthandler.unregister(SIGNUM)
        finally:
            signal.signal(SIGNUM, former)
        self.assertEqual(handled, [SIGNUM, SIGNUM])
        self.assertEqual(self.text().count("in test_chained_handler_runs\n"), 2)

    def test_dump_later_while_the_main_thread_holds_and_waits_for_locks(self):
        held = _thread.allocate_lock()
        held.acquire()
        # There is one such timer: from here on the test is without its watchdog.
        faulthandler.dump_traceback_later(0.1, repeat=True, file=self.file)
        self.assertTrue(wait_until(lambda: not held.acquire(timeout=0.05) and self.text().count("Timeout") >= 2))
        faulthandler.cancel_dump_traceback_later()
        seen = self.text()
        self.assertIn("in test_dump_later_while_the_main_thread_holds_and_waits_for_locks\n", seen)
        self.assertFalse(held.acquire(timeout=0.2))
        self.assertEqual(self.text(), seen, "it went on after it was cancelled")


if __name__ == "__main__":
    unittest.main()

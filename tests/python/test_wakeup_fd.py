"""Promises about signal.set_wakeup_fd(): whoever posts a signal writes its number, and never waits for it."""
# SPDX-License-Identifier: MIT
import _thread
import contextlib
import os
import select
import signal
import socket
import sys
import time
import unittest

from support import PATIENCE_S, Crew, ThreadTestCase, signal_handler

SIGNUM = signal.SIGUSR1


@contextlib.contextmanager
def wakeup_fd(fd, **options):
    signal.set_wakeup_fd(fd, **options)
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)


@contextlib.contextmanager
def unraisable():
    """Collects what goes to sys.unraisablehook, as texts."""
    texts, former = [], sys.unraisablehook
    sys.unraisablehook = lambda hooked: texts.append(f"{hooked.err_msg}: {hooked.exc_value!r}")
    try:
        yield texts
    finally:
        sys.unraisablehook = former


class WakeupFd(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.reader, self.writer = socket.socketpair()
        self.addCleanup(self.reader.close)
        self.addCleanup(self.writer.close)
        self.writer.setblocking(False)

    def test_a_thread_posts_while_the_main_thread_is_in_select(self):
        handled = []
        with Crew() as crew, signal_handler(SIGNUM, lambda *args: handled.append(args[0])):
            with wakeup_fd(self.writer.fileno()):
                crew.start(lambda: (time.sleep(0.05), _thread.interrupt_main(SIGNUM)))
                readable, _, _ = select.select([self.reader], [], [], PATIENCE_S)
                self.assertEqual(readable, [self.reader])
                self.assertEqual(self.reader.recv(10), bytes([SIGNUM]))
        self.assertEqual(handled, [SIGNUM])

    def test_every_post_of_every_thread_is_a_byte(self):
        with signal_handler(SIGNUM, lambda *args: None), wakeup_fd(self.writer.fileno()):
            with Crew() as crew:
                for _ in range(4):
                    crew.start(lambda: [_thread.interrupt_main(SIGNUM) for _ in range(25)])
        self.writer.close()
        with self.reader, self.reader.makefile("rb") as file:
            self.assertEqual(file.read(), bytes([SIGNUM]) * 100)

    def fill(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.writer.send(b"x" * 65536)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.writer.send(b"x")

    def post_to_a_full_one(self, **options):
        """What sys.unraisablehook got; the handler has run."""
        self.fill()
        handled = []
        with unraisable() as texts, signal_handler(SIGNUM, lambda *args: handled.append(args[0])):
            with wakeup_fd(self.writer.fileno(), **options):
                with Crew() as crew:
                    crew.start(_thread.interrupt_main, SIGNUM)
                for _ in range(100):  # bytecodes, in which pending calls run
                    pass
        self.assertEqual(handled, [SIGNUM])
        return texts

    def test_a_full_one_is_reported_and_nobody_waits(self):
        texts = self.post_to_a_full_one()
        self.assertEqual(len(texts), 1, texts)
        self.assertRegex(texts[0], "when trying to (write|send) to the signal wakeup fd: BlockingIOError")

    def test_a_full_one_can_be_passed_over_in_silence(self):
        self.assertEqual(self.post_to_a_full_one(warn_on_full_buffer=False), [])

    def test_setting_gives_the_former_one_for_pipes_and_sockets(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        os.set_blocking(writer, False)
        self.assertEqual(signal.set_wakeup_fd(self.writer.fileno()), -1)
        self.assertEqual(signal.set_wakeup_fd(writer), self.writer.fileno())
        self.assertEqual(signal.set_wakeup_fd(-1), writer)
        self.assertEqual(signal.set_wakeup_fd(-1), -1)

    def test_one_that_blocks_or_is_closed_is_refused(self):
        with self.assertRaisesRegex(ValueError, "must be in non-blocking mode"):
            signal.set_wakeup_fd(self.reader.fileno())
        gone, other = socket.socketpair()
        fd = gone.fileno()
        gone.close()
        other.close()
        with self.assertRaises((ValueError, OSError)):
            signal.set_wakeup_fd(fd)


if __name__ == "__main__":
    unittest.main()

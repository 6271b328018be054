"""Promises about I/O that signals interrupt again and again: it goes on (PEP 475), and no byte is lost."""
# SPDX-License-Identifier: MIT
#
# The other end of each pipe or socket pair is a thread. The handler of an interval timer, which returns,
# runs in the main thread in the middle of its calls.

import os
import select
import signal
import socket
import time
import unittest

from support import Crew, ThreadTestCase, signal_handler, wait_until

#: Seconds between two signals, and until the other end does something.
PERIOD_S, PAUSE_S = 0.01, 0.08

PAYLOAD = bytes(range(256)) * 4096


class SignalsDuringIo(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.handled = 0
        handler = signal_handler(signal.SIGALRM, self.count)
        handler.__enter__()
        self.addCleanup(handler.__exit__, None, None, None)
        signal.setitimer(signal.ITIMER_REAL, PERIOD_S, PERIOD_S)
        self.addCleanup(signal.setitimer, signal.ITIMER_REAL, 0)

    def count(self, *_):
        self.handled += 1

    def assert_was_interrupted(self):
        self.assertTrue(wait_until(lambda: self.handled >= 3), f"only {self.handled} signals came")

    def pipe(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        return reader, writer

    def socket_pair(self):
        pair = socket.socketpair()
        for end in pair:
            self.addCleanup(end.close)
        return pair

    def receive(self, write, receive):
        """The main thread receives what a thread writes in pieces, with pauses."""
        def feed():
            for start in range(3):
                time.sleep(PAUSE_S)
                write(b"abc"[start:start + 1])

        with Crew() as crew:
            crew.start(feed)
            self.assertEqual([receive(1) for _ in range(3)], [b"a", b"b", b"c"])
        self.assert_was_interrupted()

    def send(self, send, read):
        """The main thread sends more than fits, and a thread reads it after a pause."""
        received = bytearray()

        def drain():
            time.sleep(PAUSE_S)
            while len(received) < len(PAYLOAD):
                received.extend(read(100_000))

        with Crew() as crew:
            crew.start(drain)
            left = memoryview(PAYLOAD)
            while left:
                sent = send(left)
                left = left[len(left) if sent is None else sent:]
        self.assertEqual(bytes(received), PAYLOAD)
        self.assert_was_interrupted()

    def test_os_read(self):
        reader, writer = self.pipe()
        self.receive(lambda data: os.write(writer, data), lambda size: os.read(reader, size))

    def test_os_write(self):
        reader, writer = self.pipe()
        self.send(lambda data: os.write(writer, data), lambda size: os.read(reader, size))

    def test_recv(self):
        one, other = self.socket_pair()
        self.receive(other.sendall, one.recv)

    def test_send(self):
        one, other = self.socket_pair()
        self.send(one.send, other.recv)

    def test_sendall(self):
        one, other = self.socket_pair()
        self.send(one.sendall, other.recv)

    def test_recv_with_a_timeout_has_the_time_that_is_left(self):
        one, _ = self.socket_pair()
        one.settimeout(PAUSE_S)
        began = time.monotonic()
        with self.assertRaises(TimeoutError):
            one.recv(1)
        self.assertGreaterEqual(time.monotonic() - began, PAUSE_S * 0.9)
        self.assert_was_interrupted()

    def test_select_and_poll_have_the_time_that_is_left(self):
        reader, _ = self.pipe()
        poller = select.poll()
        poller.register(reader, select.POLLIN)
        for wait in (lambda: select.select([reader], [], [], PAUSE_S)[0], lambda: poller.poll(PAUSE_S * 1000)):
            began = time.monotonic()
            self.assertEqual(wait(), [])
            self.assertGreaterEqual(time.monotonic() - began, PAUSE_S * 0.9)
        self.assert_was_interrupted()

    def test_a_file_object_reads_all(self):
        reader, writer = os.pipe()

        def feed():
            with open(writer, "wb") as file:
                for start in range(0, len(PAYLOAD), 2 ** 18):
                    time.sleep(PERIOD_S * 2)
                    file.write(PAYLOAD[start:start + 2 ** 18])

        with Crew() as crew:
            crew.start(feed)
            with open(reader, "rb") as file:
                self.assertEqual(file.read(), PAYLOAD)
        self.assert_was_interrupted()


if __name__ == "__main__":
    unittest.main()

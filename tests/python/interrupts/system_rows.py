"""Rows of calls of the system: sleeping, pipes, sockets, waiting for a signal."""
# SPDX-License-Identifier: MIT
import os
import select
import signal
import socket
import time

from .row import Row


class SleepRow(Row):
    title = "time.sleep()"
    untimed = False
    timed_out = None

    def block(self, timeout):
        return time.sleep(timeout)


class SelectRow(Row):
    title = "select.select(timeout)"
    untimed = False
    timed_out = ([], [], [])

    def block(self, timeout):
        return select.select([], [], [], timeout)


class PipeReadRow(Row):
    title = "os.read() of a pipe"
    timed = False

    def __init__(self):
        self.reader, self.writer = os.pipe()

    def block(self, timeout):
        return os.read(self.reader, 10) == b"item"

    def free(self):
        os.write(self.writer, b"item")

    def is_usable(self):
        self.free()
        return os.read(self.reader, 10) == b"item"

    def close(self):
        os.close(self.reader)
        os.close(self.writer)


class PollRow(PipeReadRow):
    title = "poll() of a pipe"
    timed = True
    timed_out = []

    def block(self, timeout):
        poll = select.poll()
        poll.register(self.reader, select.POLLIN)
        found = poll.poll(None if timeout is None else timeout * 1000)
        return found and found == [(self.reader, select.POLLIN)]


class SocketRow(Row):
    title = "socket.recv()"
    timed_out = TimeoutError

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()

    def block(self, timeout):
        self.ours.settimeout(timeout)
        return self.ours.recv(10) == b"item"

    def free(self):
        self.theirs.send(b"item")

    def is_usable(self):
        self.free()
        return self.ours.recv(10) == b"item"

    def close(self):
        self.ours.close()
        self.theirs.close()


class PauseRow(Row):
    """Any signal ends it; that its handler returned is all that it waits for."""

    title = "signal.pause()"
    timed = False

    def block(self, timeout):
        return signal.pause() is None


class SigtimedwaitRow(Row):
    title = "signal.sigtimedwait()"
    untimed = False
    timed_out = None

    def block(self, timeout):
        got = signal.sigtimedwait([signal.SIGUSR2], timeout)
        # On a busy machine the handler may run when no time is left: CPython 3.13 then gives a
        # struct that nobody has filled in.
        return got if got is not None and got.si_signo == signal.SIGUSR2 else None

"""The session's standard streams: nothing printed is lost to a signal, and Stop ends every wait."""
# SPDX-License-Identifier: MIT
#
# CPython's own streams are made for one reader and for a quick reader at the other end:
# - An unbuffered stream passes on a write that a signal cut short, and its text layer drops the rest.
# - A buffered one holds its lock while it waits, and no signal ends another thread's wait for that
#   lock: a main thread that asks for input while some other thread does could not be stopped.
# - print() writes the text and the end of the line one after the other, and an unbuffered stream passes
#   both on at once: lines of several threads mix. These send whole lines, as at a terminal.
# - The text layer keeps the lines that come behind the one asked for, and a second reader that waited
#   meanwhile overwrites them.

import _thread
import io
import sys

_write = io.FileIO.write
_Reader = io.BufferedReader


class Output(io.FileIO):
    """An unbuffered stream whose write() writes everything, unless a signal's handler raises."""

    def write(self, data, /):
        size = memoryview(data).nbytes
        written = _write(self, data)
        while written is not None and written < size:
            more = _write(self, memoryview(data).cast("B")[written:])
            if more is None:  # O_NONBLOCK
                break
            written += more
        return written


class Input(io.BufferedReader):
    """A buffered stream whose readers take turns; a signal ends the wait for one's turn too."""

    def __init__(self, raw):
        super().__init__(raw)
        # An RLock: a handler that reads while its thread does gets CPython's error, not a deadlock.
        self._turn = _thread.RLock()

    def read(self, size=-1, /):
        with self._turn:
            return _Reader.read(self, size)

    def read1(self, size=-1, /):
        # A line at the most, so that the text layer has nothing left over.
        with self._turn:
            return _Reader.readline(self, io.DEFAULT_BUFFER_SIZE if size < 0 else size)

    def readinto(self, buffer, /):
        with self._turn:
            return _Reader.readinto(self, buffer)

    def readinto1(self, buffer, /):
        with self._turn:
            return _Reader.readinto1(self, buffer)

    def readline(self, size=-1, /):
        with self._turn:
            return _Reader.readline(self, size)

    def peek(self, size=0, /):
        with self._turn:
            return _Reader.peek(self, size)


def _text(former, stream, **settings):
    """A text stream with the settings of the one whose place it takes."""
    getattr(stream, "raw", stream).name = former.name
    text = io.TextIOWrapper(
        stream, encoding=former.encoding, errors=former.errors, newline="\n", **settings
    )
    text.mode = former.mode
    return text


def install():
    """Puts these in the place of sys.stdin, sys.stdout and sys.stderr."""
    stdin = _text(sys.stdin, Input(io.FileIO(0, "r", closefd=False)))
    stdout = _text(sys.stdout, Output(1, "w", closefd=False), line_buffering=True)
    stderr = _text(sys.stderr, Output(2, "w", closefd=False), line_buffering=True)
    sys.stdin = sys.__stdin__ = stdin
    sys.stdout = sys.__stdout__ = stdout
    sys.stderr = sys.__stderr__ = stderr

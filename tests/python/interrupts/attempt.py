"""One try of a row: its call in the main thread, the handler of the signal, and what must have happened."""
# SPDX-License-Identifier: MIT
import queue
import signal
import threading
import time

from .row import LONG_S
from .table import ROWS

#: The signal that the handlers here are for.
SIGNUM = signal.SIGUSR1

#: Seconds of a wait that is to end by its own limit.
SHORT_S = 0.03


class Stop(Exception):
    """What a raising handler raises here."""


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


class Attempt:
    """The row's call in the main thread; somebody else sends it SIGNUM (or SIGINT) meanwhile.

    `handler` is "raises", "returns", or "none": SIGINT's own raises KeyboardInterrupt then.
    """

    def __init__(self, name, handler, timed=None):
        kind = ROWS[name]
        self.row = kind()
        self.handler = handler
        self.timed = not kind.untimed if timed is None else timed
        #: When and in which thread the handler ran, and when its exception came out of the call.
        self.handled, self.raised_at = [], None
        self.outcome, self.took_s = None, None
        self.begun = self.done = False
        self._news = queue.SimpleQueue()
        self._freer = None
        if handler == "returns" and not self.timed:
            self._freer = threading.Thread(target=self._free_once_handled)
            self._freer.start()
        if handler != "none":
            self._former = signal.signal(SIGNUM, self._handle)

    def _handle(self, signum, frame):
        self.handled.append((time.perf_counter(), threading.current_thread()))
        if self.handler == "raises":
            raise Stop
        self._news.put(None)

    def _free_once_handled(self):
        self._news.get()
        self.row.free()

    def go(self):
        """Makes the call. KeyboardInterrupt passes."""
        limit_s = (SHORT_S if self.handler == "returns" else LONG_S) if self.timed else None
        start = time.perf_counter()
        self.begun = True
        try:
            self.outcome = self.row.block(limit_s)
        except Exception as error:
            self.raised_at = time.perf_counter()
            self.outcome = type(error)
        finally:
            self.took_s = time.perf_counter() - start
            self.done = True

    def check(self):
        """Checks what happened, and that the object is whole. When the handler did its work."""
        try:
            if self._freer is not None:
                self._freer.join()
            for _, thread in self.handled:
                expect(thread is threading.main_thread(), f"the handler ran in {thread.name}")
            if self.handler == "none":
                expect(self.outcome is None, f"the call gave {self.outcome!r}, no KeyboardInterrupt")
                expect(self.row.is_usable(), "the interrupted call hurt the object")
                return None
            expect(self.handled, f"the handler never ran; the call gave {self.outcome!r}")
            if self.handler == "raises":
                expect(self.outcome is Stop, f"the call gave {self.outcome!r}, not the handler's Stop")
                expect(self.row.is_usable(), "the interrupted call hurt the object")
                return self.raised_at
            if self.timed:
                expected = self.row.timed_out
                expect(self.took_s > SHORT_S - 0.002, f"the call ended after {self.took_s} s")
            else:
                expected = True
            expect(self.outcome == expected, f"the call gave {self.outcome!r}, not {expected!r}")
            return self.handled[0][0]
        finally:
            self.close()

    def close(self):
        self.row.close()
        if self.handler != "none":
            signal.signal(SIGNUM, self._former)

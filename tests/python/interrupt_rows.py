"""The calls that block the main thread, one Row each, and what must hold when a signal comes.

Shared by test_interrupts_wake_main.py (signals from a thread; also under native CPython), by
tests/js/interrupt-table.test.js and bench/interrupts.js (signals from the host, in a session).
"""
# SPDX-License-Identifier: MIT
import _thread
import asyncio
import concurrent.futures
import os
import queue
import select
import signal
import socket
import sys
import threading
import time

#: The signal that the handlers here are for.
SIGNUM = signal.SIGUSR1

#: Seconds of a wait that is to end by its own limit, and of one that is to be ended by the handler.
SHORT_S, LONG_S = 0.03, 600.0


class Stop(Exception):
    """What a raising handler raises here."""


# ---- Where standard input comes from and printed text goes ---------------------------------------


class PipeStage:
    """Pipes in the place of stdin and stdout, for interpreters that no program drives."""

    def __init__(self):
        self._former = sys.stdin, sys.stdout
        stdin, self._feed = os.pipe()
        self._taken, stdout = os.pipe()
        sys.stdin, sys.stdout = open(stdin, encoding="utf-8"), open(stdout, "w", encoding="utf-8")
        self._text = bytearray()
        self._taker = None

    def feed(self, line):
        os.write(self._feed, line.encode())

    def release(self):
        """Takes what is printed, from now on."""
        if self._taker is None:
            self._taker = threading.Thread(target=self._take)
            self._taker.start()

    def _take(self):
        while data := os.read(self._taken, 65536):
            self._text += data

    def text(self):
        """What was printed; nothing can be printed later."""
        self.release()
        sys.stdout.close()
        self._taker.join()
        return self._text.decode()

    def close(self):
        self.text()
        sys.stdin.close()
        os.close(self._feed)
        os.close(self._taken)
        sys.stdin, sys.stdout = self._former


#: What rows with `console` use; a host that drives a session sets its own.
stage_type = PipeStage


# ---- Rows ------------------------------------------------------------------------------------------


class Row:
    """One blocking call. An instance is good for one try."""

    #: How tables call it.
    title = ""
    #: Whether it can wait with a limit, and without one; a try is without, where it can be.
    timed = untimed = True
    #: What block() gives, or the type that it raises, when its limit is over.
    timed_out = False
    #: Whether the thread sleeps meanwhile.
    sleeps = True
    #: "input" or "output" if it waits for the console.
    console = None

    def block(self, timeout):
        """The call; True when it ended because of free()."""
        raise NotImplementedError

    def free(self):
        """Lets block(None) come to its end; called in another thread."""

    def is_usable(self):
        """Whether the object works as if block() had never been called."""
        return True

    def close(self):
        """Gives back what the row holds."""


class LockRow(Row):
    title = "lock.acquire()"

    def __init__(self):
        self.lock = _thread.allocate_lock()
        self.lock.acquire()

    def block(self, timeout):
        return self.lock.acquire(timeout=-1 if timeout is None else timeout)

    def free(self):
        self.lock.release()

    def is_usable(self):
        self.lock.release()
        return self.lock.acquire(False)


class LockTimeoutRow(LockRow):
    title = "lock.acquire(timeout)"
    untimed = False


class WithLockRow(LockRow):
    title = "with lock"
    timed = False

    def block(self, timeout):
        with self.lock:
            pass
        return not self.lock.locked()


class HeldByAThread(Row):
    """Something that another thread acquired and holds until free()."""

    def __init__(self):
        self.let_go = threading.Event()
        self.thing = self.make()
        ready = threading.Event()

        def holder():
            self.thing.acquire()
            ready.set()
            self.let_go.wait()
            self.thing.release()

        self.holder = threading.Thread(target=holder)
        self.holder.start()
        ready.wait()

    def free(self):
        self.let_go.set()

    def is_usable(self):
        self.let_go.set()
        self.holder.join()
        got = self.thing.acquire(blocking=False)
        self.thing.release()
        return got

    def close(self):
        self.let_go.set()
        self.holder.join()


class RLockRow(HeldByAThread):
    title = "RLock.acquire()"
    make = staticmethod(threading.RLock)

    def block(self, timeout):
        return self.thing.acquire(timeout=-1 if timeout is None else timeout)


class SemaphoreRow(HeldByAThread):
    title = "Semaphore.acquire()"
    make = staticmethod(threading.Semaphore)

    def block(self, timeout):
        return self.thing.acquire(timeout=timeout)


class ConditionRow(Row):
    title = "Condition.wait()"

    def __init__(self):
        self.condition = threading.Condition()

    def block(self, timeout):
        with self.condition:
            return self.condition.wait(timeout)

    def free(self):
        with self.condition:
            self.condition.notify()

    def is_usable(self):
        woken, waits = [], threading.Event()

        def waiter():
            with self.condition:
                waits.set()
                woken.append(self.condition.wait(LONG_S))

        thread = threading.Thread(target=waiter)
        thread.start()
        waits.wait()
        self.free()  # needs the condition's lock, which the waiter gives up when it waits
        thread.join()
        return woken == [True]


class EventRow(Row):
    title = "Event.wait()"

    def __init__(self):
        self.event = threading.Event()

    def block(self, timeout):
        return self.event.wait(timeout)

    def free(self):
        self.event.set()

    def is_usable(self):
        self.event.set()
        return self.event.wait(0)


class BarrierRow(Row):
    title = "Barrier.wait()"
    timed_out = threading.BrokenBarrierError

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def block(self, timeout):
        return self.barrier.wait(timeout) in (0, 1)

    def free(self):
        self.barrier.wait()

    def is_usable(self):
        self.barrier.reset()
        other = threading.Thread(target=self.barrier.wait)
        other.start()
        met = self.barrier.wait(LONG_S) in (0, 1)
        other.join()
        return met


class JoinRow(Row):
    title = "Thread.join()"
    timed_out = True

    def __init__(self):
        self.let_go = threading.Event()
        self.thread = threading.Thread(target=self.let_go.wait)
        self.thread.start()

    def block(self, timeout):
        self.thread.join(timeout)
        return self.thread.is_alive() if timeout is not None else not self.thread.is_alive()

    def free(self):
        self.let_go.set()

    def is_usable(self):
        alive = self.thread.is_alive()
        self.let_go.set()
        self.thread.join()
        return alive and not self.thread.is_alive()

    def close(self):
        self.let_go.set()
        self.thread.join()


class QueueGetRow(Row):
    title = "Queue.get()"
    timed_out = queue.Empty

    def __init__(self):
        self.queue = queue.Queue()

    def block(self, timeout):
        return self.queue.get(timeout=timeout) == "item" and self.queue.empty()

    def free(self):
        self.queue.put("item")

    def is_usable(self):
        self.queue.put("item")
        return self.queue.get(timeout=LONG_S) == "item" and self.queue.empty()


class SimpleQueueGetRow(QueueGetRow):
    title = "SimpleQueue.get()"

    def __init__(self):
        self.queue = queue.SimpleQueue()


class QueuePutRow(Row):
    title = "Queue.put(), full"
    timed_out = queue.Full

    def __init__(self):
        self.queue = queue.Queue(1)
        self.queue.put("first")

    def block(self, timeout):
        self.queue.put("second", timeout=timeout)
        return self.queue.get() == "second" and self.queue.empty()

    def free(self):
        self.queue.get()

    def is_usable(self):
        return self.queue.get(timeout=LONG_S) == "first" and self.queue.empty()


class FutureRow(Row):
    title = "Future.result()"
    timed_out = concurrent.futures.TimeoutError

    def __init__(self):
        self.future = concurrent.futures.Future()

    def block(self, timeout):
        return self.future.result(timeout)

    def free(self):
        self.future.set_result(True)

    def is_usable(self):
        self.future.set_result(True)
        return self.future.result(LONG_S)


class FuturesWaitRow(FutureRow):
    title = "concurrent.futures.wait()"
    timed_out = False

    def block(self, timeout):
        return bool(concurrent.futures.wait([self.future], timeout).done)


class ExecutorRow(Row):
    title = "ThreadPoolExecutor.shutdown()"
    timed = False

    def __init__(self):
        self.let_go = threading.Event()
        self.executor = concurrent.futures.ThreadPoolExecutor(1)
        self.future = self.executor.submit(self.let_go.wait)

    def block(self, timeout):
        self.executor.shutdown()
        return self.future.done()

    def free(self):
        self.let_go.set()

    def is_usable(self):
        self.let_go.set()
        self.executor.shutdown()
        return self.future.result(LONG_S)

    def close(self):
        self.let_go.set()
        self.executor.shutdown()


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


class StdinRow(Row):
    timed = False
    console = "input"

    def __init__(self):
        self.stage = stage_type()

    def block(self, timeout):
        return self.read() == "line"

    def free(self):
        self.stage.feed("line\n")

    def is_usable(self):
        self.free()
        return self.read() == "line"

    def close(self):
        self.stage.close()


class InputRow(StdinRow):
    title = "input()"

    def read(self):
        return input()


class StdinReadlineRow(StdinRow):
    title = "sys.stdin.readline()"

    def read(self):
        return sys.stdin.readline().rstrip("\n")


class StdinBufferRow(StdinRow):
    title = "sys.stdin.buffer.read()"

    def read(self):
        return sys.stdin.buffer.read(5).decode().rstrip("\n")


class PrintRow(Row):
    """A text that is longer than what any pipe or console holds, and nobody takes it."""

    title = "print(), nobody reads"
    timed = False
    console = "output"

    def __init__(self):
        self.stage = stage_type()

    def block(self, timeout):
        print("x" * 2**20, flush=True)
        return self.stage.text() == "x" * 2**20 + "\n"

    def free(self):
        self.stage.release()

    def is_usable(self):
        # What was cut off may be short or come late; what is printed next follows it, whole.
        self.stage.release()
        print("usable", flush=True)
        text = self.stage.text()
        return text.endswith("usable\n") and not text.removesuffix("usable\n").strip("x\n")

    def close(self):
        self.stage.close()


class BusyRow(Row):
    title = "a busy loop"
    timed = sleeps = False
    freed = False

    def block(self, timeout):
        while not self.freed:
            pass
        return True

    def free(self):
        self.freed = True


class PrintLoopRow(BusyRow):
    """It prints as fast as it is read."""

    title = "a loop that prints"
    console = "output"

    def __init__(self):
        self.stage = stage_type()
        self.stage.release()

    def block(self, timeout):
        lines = 0
        while not self.freed:
            print("line")
            lines += 1
        sys.stdout.flush()
        return self.stage.text() == "line\n" * lines

    def is_usable(self):
        print("usable", flush=True)
        return self.stage.text().endswith("usable\n")

    def close(self):
        self.stage.close()


class AsyncioSleepRow(Row):
    title = "asyncio.run(sleep())"
    untimed = False
    timed_out = None

    def block(self, timeout):
        return asyncio.run(asyncio.sleep(timeout))


class AsyncioEventRow(Row):
    title = "asyncio.run(Event.wait())"
    timed = False

    def block(self, timeout):
        async def main():
            self.event, self.loop = asyncio.Event(), asyncio.get_running_loop()
            return await self.event.wait()

        return asyncio.run(main())

    def free(self):
        self.loop.call_soon_threadsafe(self.event.set)


ROWS = {
    "lock_acquire": LockRow,
    "lock_acquire_timeout": LockTimeoutRow,
    "with_lock": WithLockRow,
    "rlock_acquire": RLockRow,
    "condition_wait": ConditionRow,
    "event_wait": EventRow,
    "semaphore_acquire": SemaphoreRow,
    "barrier_wait": BarrierRow,
    "thread_join": JoinRow,
    "queue_get": QueueGetRow,
    "queue_put": QueuePutRow,
    "simple_queue_get": SimpleQueueGetRow,
    "future_result": FutureRow,
    "futures_wait": FuturesWaitRow,
    "executor_shutdown": ExecutorRow,
    "sleep": SleepRow,
    "select": SelectRow,
    "poll": PollRow,
    "pipe_read": PipeReadRow,
    "socket_recv": SocketRow,
    "pause": PauseRow,
    "sigtimedwait": SigtimedwaitRow,
    "input": InputRow,
    "stdin_readline": StdinReadlineRow,
    "stdin_buffer_read": StdinBufferRow,
    "print_nobody_reads": PrintRow,
    "asyncio_sleep": AsyncioSleepRow,
    "asyncio_event_wait": AsyncioEventRow,
    "busy_loop": BusyRow,
    "print_loop": PrintLoopRow,
}


# ---- One try ---------------------------------------------------------------------------------------


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

"""Rows of what threads wait for: locks, conditions, events, semaphores, barriers."""
# SPDX-License-Identifier: MIT
import _thread
import threading

from .row import LONG_S, Row


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

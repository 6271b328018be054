"""Rows of waiting for another thread's work: its end, an item of a queue, a future."""
# SPDX-License-Identifier: MIT
import concurrent.futures
import queue
import threading

from .row import LONG_S, Row


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

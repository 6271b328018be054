# At exit daemon threads are cut off wherever they are: asleep, waiting for a lock, joining, computing.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# deadline-s: 30
import _thread
import queue
import threading
import time

forever = _thread.allocate_lock()
forever.acquire()
ready = threading.Barrier(6)


def sleeping():
    ready.wait()
    time.sleep(1000)
    print("woke up")


def locking():
    ready.wait()
    forever.acquire()
    print("acquired")


def computing():
    ready.wait()
    while True:
        pass


def getting():
    ready.wait()
    queue.SimpleQueue().get()
    print("got")


def joining():
    ready.wait()
    threading.main_thread().join()
    time.sleep(1000)
    print("joined")


for target in (sleeping, locking, computing, getting, joining):
    threading.Thread(target=target, daemon=True).start()
ready.wait()
time.sleep(0.05)
print("main ends")

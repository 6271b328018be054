"""Starts a thread that does nothing and joins it, again and again: the cost of a warm thread."""
# SPDX-License-Identifier: MIT
import threading
import time

from samples import report


def start_and_join():
    thread = threading.Thread(target=int)
    start = time.perf_counter()
    thread.start()
    thread.join()
    return time.perf_counter() - start


for _ in range(50):
    start_and_join()
report([start_and_join() for _ in range(200)])

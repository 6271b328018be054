"""An item goes to another thread through one queue and comes back through another."""
# SPDX-License-Identifier: MIT
import queue
import threading

from samples import per_step, report

there, back = queue.Queue(), queue.Queue()


def echo():
    while (item := there.get()) is not None:
        back.put(item)


def steps(count):
    for n in range(count):
        there.put(n)
        back.get()


thread = threading.Thread(target=echo)
thread.start()
samples = per_step(steps, 200, 15)
there.put(None)
thread.join()
report(samples)

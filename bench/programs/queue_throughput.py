"""One thread puts items into a queue.Queue as fast as it can, another takes them out; a step is one item."""
# SPDX-License-Identifier: MIT
import queue
import threading

from samples import per_step, report


def steps(count):
    items = queue.Queue(maxsize=1000)

    def produce():
        for n in range(count):
            items.put(n)

    producer = threading.Thread(target=produce)
    producer.start()
    for _ in range(count):
        items.get(timeout=60)
    producer.join()


report(per_step(steps, 5000, 5, warm_up=1))

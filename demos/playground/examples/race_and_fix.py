"""Four threads count together, and most of what they count is lost.

Reading the total, adding to it and writing it back are three steps. When
another thread runs between the reading and the writing, its work is
overwritten: a race. Here sleep() lets the others run at that moment, so it
happens all the time; in real programs it happens rarely, which is worse.
With a lock around the three steps nobody can come in between, and the total
is right.
"""
import contextlib
import threading
import time

THREADS = 4
TIMES = 250


def count(guard):
    """The total after all threads have counted under the guard."""
    total = 0

    def work():
        nonlocal total
        for _ in range(TIMES):
            with guard:
                seen = total
                time.sleep(0.0001)  # the unlucky moment: somebody else runs
                total = seen + 1

    threads = [
        threading.Thread(target=work, name=f"counter {n}")
        for n in range(1, THREADS + 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total


right = THREADS * TIMES
print(f"{THREADS} threads count to {TIMES} each: the total should be {right}")
racing = count(contextlib.nullcontext())
print(f"without a lock: {racing:5}, {right - racing} lost")
fixed = count(threading.Lock())
print(f"with a lock:    {fixed:5}, {right - fixed} lost")

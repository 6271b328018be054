"""Four hikers walk at their own speed and wait for each other at every hut.

A barrier lets nobody through until all have arrived; then all go on at
once. Its action runs once, in the last one to arrive, before anybody goes
on. A barrier can be used again and again.
"""
import random
import threading
import time

HIKERS = ["Reinhold", "Junko", "Tenzing", "Gerlinde"]
HUTS = ["valley hut", "glacier hut", "summit"]
reached = iter(HUTS)
barrier = threading.Barrier(
    len(HIKERS), action=lambda: print(f"-- all are at the {next(reached)} --")
)


def hike():
    me = threading.current_thread().name
    for hut in HUTS:
        time.sleep(random.uniform(0.2, 1.5))
        print(f"{me} arrives at the {hut}")
        barrier.wait()
    print(f"{me} enjoys the view")


hikers = [threading.Thread(target=hike, name=name) for name in HIKERS]
for hiker in hikers:
    hiker.start()
for hiker in hikers:
    hiker.join()

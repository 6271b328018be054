"""A baker puts loaves on a small shelf, two customers take them off.

queue.Queue is the shelf, and it does all the waiting: put() waits while the
shelf is full, get() while it is empty. No lock is to be seen in this
program. A None for each customer says that the bakery closes. Change the
times and see who waits for whom in the Threads pane.
"""
import queue
import random
import threading
import time

LOAVES = 12
shelf = queue.Queue(maxsize=3)
customers = ["Anna", "Bert"]


def bake():
    for number in range(1, LOAVES + 1):
        time.sleep(random.uniform(0.1, 0.3))
        shelf.put(f"loaf {number}")
        print(f"baked loaf {number:2}   shelf: {'#' * shelf.qsize()}")
    for _ in customers:
        shelf.put(None)


def buy():
    me = threading.current_thread().name
    while (loaf := shelf.get()) is not None:
        print(f"{me} eats {loaf}")
        time.sleep(random.uniform(0.3, 0.8))
    print(f"{me} goes home")


threads = [threading.Thread(target=buy, name=name) for name in customers]
threads.append(threading.Thread(target=bake, name="Baker"))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

# Eight threads and the main thread at work together, while the host interrupts the main thread.
# SPDX-License-Identifier: MIT
"""Eight threads and the main thread at work together, while the host interrupts the main thread.

A KeyboardInterrupt may come between any two bytecodes of the main thread, in the middle of queue.Queue
or threading.Condition too, which are Python code: CPython promises nothing about them then. So they
are for the workers, and the main thread uses only what is promised:
- `with lock` and `with rlock`, whose locks are C code: the block is left with the lock released,
  or it was never entered, with nothing acquired;
- SimpleQueue.get and put called by C code, which stores the item before the next bytecode: an item is
  taken and in the list, or still in the queue.
So every lock and item can be accounted for exactly; only what the main thread prints may be cut off.
"""
import collections
import itertools
import queue
import signal
import sys
import threading
import time
import traceback

PAIRS = 4
JOIN_S = 20

stopping = leaving = False
caught = rounds = 0
#: What went wrong, as text.
faults = []

locks = [threading.Lock(), threading.Lock()]
#: Who is inside the lock of the same number.
inside = [None, None]
rlock = threading.RLock()

# The workers' own.
condition = threading.Condition()
semaphore = threading.Semaphore(PAIRS)
bounded = queue.Queue(3)
produced, consumed = [], []

# Between workers and the main thread.
to_main, from_main = queue.SimpleQueue(), queue.SimpleQueue()
sent, taken, received = collections.Counter(), [], []
numbers = itertools.count()
#: Lines that each worker printed, by its ident.
printed = collections.Counter()


def work(me, n):
    """What each worker does in its round n, apart from the bounded queue."""
    with locks[n % 2]:
        inside[n % 2] = me
        time.sleep(0)
        if inside[n % 2] != me:
            faults.append(f"{inside[n % 2]} came into lock {n % 2} while {me} was inside")
    with semaphore, rlock, rlock:
        pass
    with condition:
        condition.notify()
        condition.wait(0.001)
    to_main.put((me, n))
    sent[me] += 1
    try:
        received.append(from_main.get_nowait())
    except queue.Empty:
        pass
    sys.stdout.write(f"{me} {n}\n")
    printed[threading.get_ident()] += 1


def producer(me):
    for n in itertools.count():
        if leaving:
            return
        produced.append((me, n))
        bounded.put((me, n))
        work(me, n)


def consumer(me):
    for n in itertools.count():
        item = bounded.get()
        if item is None:
            return
        consumed.append(item)
        work(me, n)


def body(function, me):
    try:
        function(me)
    except BaseException:
        faults.append(traceback.format_exc())


def start(function):
    return [
        threading.Thread(target=body, args=(function, f"{function.__name__}-{n}")) for n in range(PAIRS)
    ]


producers, consumers = start(producer), start(consumer)


def stop(*_):
    global stopping
    stopping = True


def begin():
    signal.signal(signal.SIGUSR1, stop)
    for thread in producers + consumers:
        thread.start()


def main_round():
    global rounds
    for n in (0, 1):
        with locks[n]:
            inside[n] = "main"
            with rlock:
                pass
    taken.extend(itertools.islice(iter(to_main.get, None), 8))
    collections.deque(map(from_main.put, itertools.islice(numbers, 4)), 0)
    print("main", rounds)
    time.sleep(0.001)
    rounds += 1


def take_part():
    """Until SIGUSR1. An interrupt that comes outside of the try ends the run; the host runs it again."""
    global caught
    while not stopping:
        try:
            while not stopping:
                main_round()
        except KeyboardInterrupt:
            caught += 1


def leave():
    """Lets all workers come to their end."""
    global leaving
    leaving = True
    for threads in (producers, consumers):
        for thread in threads:
            thread.join(JOIN_S)
            if thread.is_alive():
                frame = sys._current_frames().get(thread.ident)
                where = "".join(traceback.format_stack(frame)) if frame else "(just ended)"
                faults.append(f"{thread.name} did not end:\n{where}")
        if threads is producers:
            for _ in consumers:
                bounded.put(None, timeout=JOIN_S)


def drained(simple_queue):
    items = []
    while not simple_queue.empty():
        items.append(simple_queue.get())
    return items


def expect_equal(what, found, expected):
    if found != expected:
        missing = [item for item in expected if item not in found][:5]
        extra = [item for item in found if item not in expected][:5]
        faults.append(f"{what}: {len(found)}, not {len(expected)}; missing {missing}, too much {extra}")


def check():
    """Everything is accounted for; gives all faults."""
    for name, lock in [
        ("locks[0]", locks[0]),
        ("locks[1]", locks[1]),
        ("rlock", rlock),
        ("condition", condition),
        ("bounded.mutex", bounded.mutex),
        *[(f"semaphore {n}", semaphore) for n in range(PAIRS)],
    ]:
        if not lock.acquire(blocking=False):
            faults.append(f"{name} is not free")
    if semaphore.acquire(blocking=False):
        faults.append("the semaphore was released too often")
    expect_equal("items through the bounded queue", sorted(consumed), sorted(produced))
    left = drained(to_main)
    expect_equal(
        "items to the main thread",
        sorted(taken + left),
        sorted((me, n) for me, count in sent.items() for n in range(count)),
    )
    for me in sent:
        order = [n for who, n in taken + left if who == me]
        if order != sorted(order):
            faults.append(f"{me}'s items came out of order")
    expect_equal(
        "items from the main thread", sorted(received + drained(from_main)), list(range(next(numbers)))
    )
    return faults

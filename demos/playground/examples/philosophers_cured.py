"""The philosophers again, with the cure: everybody takes locks in one order.

Each of them takes the fork with the lower number first. The last one, who
sits between fork 4 and fork 0, so reaches for fork 0 first and waits with
empty hands; the circle cannot close, and everybody eats. One line differs
from the program that deadlocks.
"""
import threading
import time

NAMES = ["Plato", "Zeno", "Hypatia", "Laozi", "Simone"]
forks = [threading.Lock() for _ in NAMES]


def dine(seat):
    me = NAMES[seat]
    lower, higher = sorted([seat, (seat + 1) % len(forks)])  # the cure
    for meal in range(1, 4):
        with forks[lower]:
            print(f"{me} has fork {lower} and thinks")
            time.sleep(0.1)
            with forks[higher]:
                print(f"{me} eats meal {meal} with forks {lower} and {higher}")
                time.sleep(0.1)


threads = [
    threading.Thread(target=dine, args=(seat,), name=name)
    for seat, name in enumerate(NAMES)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("everybody has eaten")

"""Five philosophers, five forks, and a real deadlock.

This program never ends: press Stop. Everybody takes the fork on the left,
thinks for a moment and then reaches for the fork on the right, which the
neighbour holds, who waits for the next one, all around the table. The
Threads pane shows who holds what, and names the circle. The next example
has the cure.
"""
import threading
import time

NAMES = ["Plato", "Zeno", "Hypatia", "Laozi", "Simone"]
forks = [threading.Lock() for _ in NAMES]


def dine(seat):
    me = NAMES[seat]
    left, right = forks[seat], forks[(seat + 1) % len(forks)]
    for meal in range(1, 4):
        with left:
            print(f"{me} has the left fork and thinks")
            time.sleep(0.5)
            with right:
                print(f"{me} eats meal {meal}")
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

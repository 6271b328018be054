"""Two locks taken in opposite order deadlock; a timeout shows it, one order for all cures it."""
# SPDX-License-Identifier: MIT
import threading

PATIENCE_S = 0.5


def dinner(orders):
    """Each philosopher takes two forks in the order given for them; tells who ate and who gave up."""
    forks = {"left": threading.Lock(), "right": threading.Lock()}
    first_fork_taken = threading.Barrier(len(orders))
    nobody_is_hungry = threading.Barrier(len(orders))
    report = {}

    def eat(name, first, second):
        with forks[first]:
            if orders[0][1] != orders[1][1]:
                first_fork_taken.wait()  # both hold one fork now: the deadlock is certain
            if forks[second].acquire(timeout=PATIENCE_S):
                report[name] = f"ate with {first} and {second}"
                forks[second].release()
            else:
                report[name] = f"held {first}, waited for {second}, gave up"
            if orders[0][1] != orders[1][1]:
                nobody_is_hungry.wait()  # hold on until both have given up

    threads = [threading.Thread(target=eat, args=order, name=order[0]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report


print("Opposite order: a deadlock")
for name, end in sorted(dinner([("Plato", "left", "right"), ("Zeno", "right", "left")]).items()):
    print(f"  {name}: {end}")

print("One order for all: the cure")
for name, end in sorted(dinner([("Plato", "left", "right"), ("Zeno", "left", "right")]).items()):
    print(f"  {name}: {end}")

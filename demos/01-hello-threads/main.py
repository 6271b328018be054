"""Three named threads take turns at one loom, guarded by a lock; the main thread joins them."""
# SPDX-License-Identifier: MIT
import threading

ROWS = 3
PATTERNS = {"Ada": "/\\" * 12, "Grace": "~ " * 12, "Alan": "==" * 12}

loom = threading.Condition(threading.Lock())  # the lock, and a way to say that it is somebody's turn
names = list(PATTERNS)
rows_woven = 0
woven_by = dict.fromkeys(names, 0)


def weave():
    global rows_woven
    me = threading.current_thread().name
    for _ in range(ROWS):
        with loom:
            loom.wait_for(lambda: names[rows_woven % len(names)] == me)
            print(f"{me:>6} | {PATTERNS[me]} |")
            woven_by[me] += 1
            rows_woven += 1
            loom.notify_all()


threads = [threading.Thread(target=weave, name=name) for name in names]
print(f"{len(threads)} threads share one loom")
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

idents = {thread.ident for thread in threads} | {threading.get_ident()}
print(f"{sum(woven_by.values())} rows woven: " + ", ".join(f"{name} {count}" for name, count in woven_by.items()))
print(f"{len(idents)} different thread identifiers, the main thread's among them")

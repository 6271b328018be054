"""One `with lock:` on a lock that nobody else wants."""
# SPDX-License-Identifier: MIT
import _thread

from samples import per_step, report


def steps(count):
    lock = _thread.allocate_lock()
    for _ in range(count):
        with lock:
            pass


report(per_step(steps, 20_000, 15))

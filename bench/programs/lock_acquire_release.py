"""One acquire and one release of a lock that nobody else wants."""
# SPDX-License-Identifier: MIT
import _thread

from samples import per_step, report


def steps(count):
    lock = _thread.allocate_lock()
    acquire, release = lock.acquire, lock.release
    for _ in range(count):
        acquire()
        release()


report(per_step(steps, 20_000, 15))

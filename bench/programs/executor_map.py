"""ThreadPoolExecutor.map over small tasks, four threads; a step is one task."""
# SPDX-License-Identifier: MIT
from concurrent.futures import ThreadPoolExecutor

from samples import per_step, report


def steps(count):
    assert sum(pool.map(abs, range(count), timeout=60)) == count * (count - 1) // 2


with ThreadPoolExecutor(4) as pool:
    report(per_step(steps, 1000, 7))

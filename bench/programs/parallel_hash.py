"""A hash of 256 MB in four pieces, a thread for each; hashlib lets go of the lock meanwhile."""
# SPDX-License-Identifier: MIT
import hashlib
from concurrent.futures import ThreadPoolExecutor

from samples import per_step, report

THREADS = 4
piece = bytes(64 << 20)


def steps(count):
    for _ in range(count):
        list(pool.map(lambda _: hashlib.sha256(piece).digest(), range(THREADS)))


with ThreadPoolExecutor(THREADS) as pool:
    report(per_step(steps, 1, 3, warm_up=1))

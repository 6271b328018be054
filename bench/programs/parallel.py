"""parallel.py hashlib|zlib: how many times faster eight threads do a piece each than one thread does all eight.

Both modules let go of the interpreter lock meanwhile. The samples are speed-ups, not seconds.
"""
# SPDX-License-Identifier: MIT
import hashlib
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

from samples import report

PIECES = 8
WORK = {
    "hashlib": (hashlib.sha256, bytes(8 << 20)),
    "zlib": (zlib.compress, bytes(n * n >> 7 & 255 for n in range(1 << 16)) * 16),
}
function, piece = WORK[sys.argv[1]]


def seconds(pool):
    start = time.perf_counter()
    for _ in pool.map(function, [piece] * PIECES, timeout=120):
        pass
    return time.perf_counter() - start


with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(PIECES) as eight:
    # A pool starts a thread only when all are busy: all eight meet once, or they would start in a sample.
    list(eight.map(threading.Barrier(PIECES, timeout=60).wait, [None] * PIECES))
    seconds(eight), seconds(one)
    report([seconds(one) / seconds(eight) for _ in range(3)])

"""cold_starts.py N: the first N threads after loading, started together: the time until all of them run."""
# SPDX-License-Identifier: MIT
import sys
import threading
import time

from samples import report

count = int(sys.argv[1])
barrier = threading.Barrier(count + 1, timeout=60)
threads = [threading.Thread(target=barrier.wait) for _ in range(count)]
start = time.perf_counter()
for thread in threads:
    thread.start()
barrier.wait()
took = time.perf_counter() - start
for thread in threads:
    thread.join()
report([took])

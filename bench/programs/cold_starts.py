"""The first eight threads of a fresh process, started together: the time until all of them run."""
# SPDX-License-Identifier: MIT
import threading
import time

from samples import report

barrier = threading.Barrier(9)
threads = [threading.Thread(target=barrier.wait) for _ in range(8)]
start = time.perf_counter()
for thread in threads:
    thread.start()
barrier.wait()
took = time.perf_counter() - start
for thread in threads:
    thread.join()
report([took])

# A pool that nobody shut down finishes its work before the program ends.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: 0
# expect-stdout: 1
# expect-stdout: 2
# expect-stdout: 3
import concurrent.futures
import time


def work(n):
    time.sleep(0.02)
    print(n)


pool = concurrent.futures.ThreadPoolExecutor(1)
print("main ends")
for n in range(4):
    pool.submit(work, n)

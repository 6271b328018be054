"""A pool of four threads maps slow tasks in parallel, keeps their order and hands exceptions back."""
# SPDX-License-Identifier: MIT
import concurrent.futures
import threading
import time

TASKS, THREADS, TASK_S = 10, 4, 0.2
workers = set()


def slow_square(n):
    workers.add(threading.current_thread().name)
    time.sleep(TASK_S)  # stands for a download, a query, a file
    return n * n


with concurrent.futures.ThreadPoolExecutor(THREADS, thread_name_prefix="worker") as pool:
    list(pool.map(abs, range(THREADS)))
    start = time.monotonic()
    squares = list(pool.map(slow_square, range(TASKS)))
    took_s = time.monotonic() - start

    futures = {pool.submit(divmod, 7, n): n for n in (2, 1, 0)}
    answers = {}
    for future in concurrent.futures.as_completed(futures):
        try:
            answers[futures[future]] = str(future.result())
        except ZeroDivisionError as error:
            answers[futures[future]] = f"{type(error).__name__} came out of result()"

print("squares, in order:", *squares)
print(f"{TASKS} tasks by {len(workers)} threads: faster than one after the other: {took_s < TASKS * TASK_S * 0.8}")
for n in sorted(answers):
    print(f"divmod(7, {n}): {answers[n]}")

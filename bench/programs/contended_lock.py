"""contended_lock.py N: N threads want the same lock all the time; a step is one `with lock:` of any of them."""
# SPDX-License-Identifier: MIT
import sys
import threading

from samples import per_step, report

THREADS = int(sys.argv[1])
lock = threading.Lock()
begin, end = threading.Barrier(THREADS + 1, timeout=60), threading.Barrier(THREADS + 1, timeout=60)
share = counter = 0


def contend():
    global counter
    while True:
        begin.wait()
        if share == 0:
            return
        for _ in range(share):
            with lock:
                counter += 1
        end.wait()


def steps(count):
    global share
    share = count // THREADS
    begin.wait()
    end.wait()


threads = [threading.Thread(target=contend) for _ in range(THREADS)]
for thread in threads:
    thread.start()
STEPS, SAMPLES, WARM_UP = 20_000, 5, 2
samples = per_step(steps, STEPS, SAMPLES, WARM_UP)
share = 0
begin.wait()
for thread in threads:
    thread.join()
assert counter == STEPS * (SAMPLES + WARM_UP), counter
report(samples)

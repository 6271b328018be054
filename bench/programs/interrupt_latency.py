"""interrupt_latency.py asleep|busy: from posting a signal in a thread until its handler runs in the main thread.

Wasm: _thread.interrupt_main. Native: signal.pthread_kill, because CPython's interrupt_main wakes nobody.
"""
# SPDX-License-Identifier: MIT
import _thread
import signal
import sys
import threading
import time

from samples import report

WARM_UP, TRIES = 5, 35
DEADLINE_S = 5
asleep = sys.argv[1] == "asleep"
posted, handled = [], []
main_ident = threading.main_thread().ident
signal.signal(signal.SIGUSR1, lambda *args: handled.append(time.perf_counter()))


def post():
    time.sleep(0.02)
    posted.append(time.perf_counter())
    if sys.platform == "emscripten":
        _thread.interrupt_main(signal.SIGUSR1)
    else:
        signal.pthread_kill(main_ident, signal.SIGUSR1)


for n in range(WARM_UP + TRIES):
    thread = threading.Thread(target=post)
    thread.start()
    start = time.perf_counter()
    if asleep:
        time.sleep(0.04)
    while len(handled) <= n:
        if time.perf_counter() > start + DEADLINE_S:
            raise TimeoutError(f"no handler ran in {DEADLINE_S} s; posted {len(posted)}, handled {n}")
    thread.join()
report([after - before for before, after in zip(posted, handled)][WARM_UP:])

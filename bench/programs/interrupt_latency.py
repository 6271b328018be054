"""From posting a signal in a thread until its handler runs in the main thread, which sleeps.

Heddle: _thread.interrupt_main, which wakes the sleeper. CPython's does not, so the native figure is
that of signal.pthread_kill, the call that does.
"""
# SPDX-License-Identifier: MIT
import _thread
import signal
import threading
import time

from samples import ON_HEDDLE, report

TRIES = 40
posted, handled = [], []
main_ident = threading.main_thread().ident
signal.signal(signal.SIGUSR1, lambda *args: handled.append(time.perf_counter()))


def post():
    time.sleep(0.02)
    posted.append(time.perf_counter())
    if ON_HEDDLE:
        _thread.interrupt_main(signal.SIGUSR1)
    else:
        signal.pthread_kill(main_ident, signal.SIGUSR1)


for n in range(TRIES):
    thread = threading.Thread(target=post)
    thread.start()
    time.sleep(0.04)
    thread.join()
    while len(handled) <= n:
        time.sleep(0.001)
report([after - before for before, after in zip(posted, handled)][5:])

"""Two threads wake each other through two locks; a step is one hand-over, half a round trip."""
# SPDX-License-Identifier: MIT
import _thread

from samples import per_step, report

ping, pong, over = _thread.allocate_lock(), _thread.allocate_lock(), _thread.allocate_lock()
ping.acquire()
pong.acquire()
over.acquire()
going = True


def partner():
    while True:
        ping.acquire()
        if not going:
            over.release()
            return
        pong.release()


def steps(count):
    for _ in range(count // 2):
        ping.release()
        pong.acquire()


_thread.start_new_thread(partner, ())
samples = per_step(steps, 400, 15)
going = False
ping.release()
over.acquire()
report(samples)

# A main thread that waits for a lock which nobody will release is freed by interrupt_main.
# SPDX-License-Identifier: MIT
# heddle-only: CPython's interrupt_main sets a flag and wakes nobody
# expect-exit: 4
# expect-stdout: interrupted
import _thread
import sys
import time

lock = _thread.allocate_lock()
lock.acquire()
try:
    _thread.start_new_thread(lambda: (time.sleep(0.1), _thread.interrupt_main()), ())
    lock.acquire()
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(4)

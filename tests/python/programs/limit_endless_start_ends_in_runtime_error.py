# A program that starts threads in an endless loop ends with RuntimeError in Python, not with a dead process.
# SPDX-License-Identifier: MIT
# heddle-only: natively the limit is the machine's, tens of thousands of threads and their memory
# expect-exit: 1
# expect-stderr: ^Traceback \(most recent call last\):\n
# expect-stderr: RuntimeError: can't start new thread\n$
# deadline-s: 180
import _thread
import time

while True:
    _thread.start_new_thread(time.sleep, (1000,))

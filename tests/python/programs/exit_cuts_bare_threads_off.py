# Threads of start_new_thread are not waited for at exit; their finally clauses do not run.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
import _thread
import time

started = _thread.allocate_lock()
started.acquire()


def work():
    try:
        started.release()
        time.sleep(1000)
    finally:
        print("finally")


_thread.start_new_thread(work, ())
started.acquire()
print("main ends")

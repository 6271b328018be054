# A main thread that waits at exit for a thread can still be interrupted, once; then the program ends.
# SPDX-License-Identifier: MIT
# heddle-only: CPython's interrupt_main sets a flag and wakes nobody
# expect-stdout: main ends
# expect-stderr: KeyboardInterrupt
# deadline-s: 30
import _thread
import threading
import time

release = threading.Event()


def work():
    threading.main_thread().join()  # ends when main begins to wait for this thread
    time.sleep(0.1)
    _thread.interrupt_main()
    release.wait(3)


threading.Thread(target=work).start()
print("main ends", flush=True)

# A lock that a daemon thread holds for ever does not keep the program from ending.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
import threading
import time

lock, held = threading.RLock(), threading.Event()


def work():
    with lock:
        held.set()
        time.sleep(1000)


threading.Thread(target=work, daemon=True).start()
held.wait()
print("main ends")

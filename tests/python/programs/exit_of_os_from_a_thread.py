# os._exit in a thread ends the whole program at once with its code.
# SPDX-License-Identifier: MIT
# expect-exit: 5
# expect-stdout: before
import os
import threading
import time


def work():
    print("before", flush=True)
    os._exit(5)


threading.Thread(target=work).start()
time.sleep(1000)
print("after")

# atexit functions run after the non-daemon threads have finished, the last registered one first.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: thread done
# expect-stdout: registered last
# expect-stdout: registered in a thread
# expect-stdout: registered first
import atexit
import threading
import time

atexit.register(print, "registered first")
helper = threading.Thread(target=atexit.register, args=(print, "registered in a thread"))
helper.start()
helper.join()
atexit.register(print, "registered last")


said = threading.Event()


def work():
    said.wait()
    time.sleep(0.05)
    print("thread done")


threading.Thread(target=work).start()
print("main ends")
said.set()

# A thread started by an atexit function runs or is refused with RuntimeError; in no case the program hangs.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: over
# deadline-s: 30
import atexit
import threading


def late():
    try:
        thread = threading.Thread(target=int, daemon=True)
        thread.start()
        thread.join()
    except RuntimeError:
        pass
    print("over")


atexit.register(late)
print("main ends")

# A thread that starts two of its kind again and again meets RuntimeError, is reported, and main ends well.
# SPDX-License-Identifier: MIT
# heddle-only: natively the limit is the machine's, tens of thousands of threads and their memory
# expect-stdout: the limit was met
# deadline-s: 180
import _thread
import threading

met, release = threading.Event(), threading.Event()


def spread():
    try:
        for _ in range(2):
            _thread.start_new_thread(spread, ())
    except RuntimeError:
        met.set()
    release.wait(60)


spread_first = threading.Thread(target=spread, daemon=True)
spread_first.start()
met.wait(120)
print("the limit was met" if met.is_set() else "no limit")
release.set()

# Endless recursion in a thread is a RecursionError with a traceback; the program goes on.
# SPDX-License-Identifier: MIT
# expect-stdout: main goes on
# expect-stderr: ^Exception in thread deep:\nTraceback \(most recent call last\):\n
# expect-stderr: RecursionError: maximum recursion depth exceeded
import threading


def deeper():
    return deeper()


thread = threading.Thread(target=deeper, name="deep")
thread.start()
thread.join()
print("main goes on")

# An uncaught exception in a threading.Thread is printed with the thread's name; the exit code stays 0.
# SPDX-License-Identifier: MIT
# expect-stdout: main goes on
# expect-stderr: ^Exception in thread weaver:\nTraceback \(most recent call last\):\n
# expect-stderr: RuntimeError: torn\n$
import threading


def work():
    raise RuntimeError("torn")


thread = threading.Thread(target=work, name="weaver")
thread.start()
thread.join()
print("main goes on")

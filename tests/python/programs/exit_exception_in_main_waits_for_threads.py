# An uncaught exception in main prints its traceback at once; non-daemon threads still finish; the exit code is 1.
# SPDX-License-Identifier: MIT
# expect-exit: 1
# expect-stdout: thread saw the traceback
# expect-stderr: ^Traceback \(most recent call last\):\n
# expect-stderr: ValueError: from main\n$
import sys
import threading

ready = threading.Event()


class Watch:
    """Stands in for stderr and tells the thread when the traceback has been written."""

    def write(self, text):
        sys.__stderr__.write(text)
        if "from main" in text:
            ready.set()

    def flush(self):
        sys.__stderr__.flush()


def work():
    if ready.wait(20):
        print("thread saw the traceback")


sys.stderr = Watch()
threading.Thread(target=work).start()
raise ValueError("from main")

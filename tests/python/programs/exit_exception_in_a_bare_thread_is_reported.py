# An uncaught exception in a bare thread is printed with its function; the others and the exit code are not touched.
# SPDX-License-Identifier: MIT
# expect-stdout: main goes on
# expect-stderr: ^Exception ignored in thread started by:? <function work at 0x[0-9a-fA-F]+>:?\n
# expect-stderr: Traceback \(most recent call last\):\n
# expect-stderr: RuntimeError: torn\n$
import _thread
import time


begun = []


def work():
    begun.append(True)
    raise RuntimeError("torn")


_thread.start_new_thread(work, ())
deadline = time.monotonic() + 20
# It counts from its first moment, which may come late, until all is printed.
while (not begun or _thread._count()) and time.monotonic() < deadline:
    time.sleep(0.001)
print("main goes on")

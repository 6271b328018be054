# Output is complete at exit: without a newline at the end, from a thread, and in large amounts.
# SPDX-License-Identifier: MIT
# expect-stdout-length: 300012
# expect-stdout-end: the very end
import sys
import threading


def work():
    sys.stdout.write("x" * 300_000)
    sys.stdout.write("the very end")


threading.Thread(target=work).start()

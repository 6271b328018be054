# The exit code holds when atexit functions run and one of them fails; the failure is reported.
# SPDX-License-Identifier: MIT
# expect-exit: 7
# expect-stdout: still runs
# expect-stderr: ZeroDivisionError
import atexit
import sys

atexit.register(print, "still runs")
atexit.register(lambda: 1 / 0)
sys.exit(7)

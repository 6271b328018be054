# A Timer is a thread like any other: the program waits for it.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: timer
import threading

threading.Timer(0.1, print, ("timer",)).start()
print("main ends")

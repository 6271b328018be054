# A Timer is a thread like any other: the program waits for it.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: timer
import threading

said = threading.Event()
threading.Timer(0.1, lambda: (said.wait(), print("timer"))).start()
print("main ends")
said.set()

# sys.exit in a thread ends this thread silently; the program's exit code stays 0.
# SPDX-License-Identifier: MIT
# expect-stdout: main goes on
import sys
import threading

thread = threading.Thread(target=sys.exit, args=(9,))
thread.start()
thread.join()
print("main goes on")

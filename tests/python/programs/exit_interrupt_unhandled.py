# A KeyboardInterrupt that nobody catches ends the program with a traceback and 130, as a shell sees SIGINT.
# SPDX-License-Identifier: MIT
# expect-exit: 130
# expect-stdout: cleaned up
# expect-stderr: ^Traceback \(most recent call last\):\n
# expect-stderr: KeyboardInterrupt\n$
import _thread
import time

try:
    _thread.start_new_thread(_thread.interrupt_main, ())
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        time.sleep(0.001)
finally:
    print("cleaned up", flush=True)

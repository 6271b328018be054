# At exit all non-daemon threads finish, also those that are started by others while main waits.
# SPDX-License-Identifier: MIT
# expect-stdout: main ends
# expect-stdout: first
# expect-stdout: second
# expect-stdout: third
import threading
import time

said = threading.Event()


def third():
    time.sleep(0.02)
    print("third")


def second():
    time.sleep(0.02)
    print("second")
    threading.Thread(target=third).start()


def first():
    said.wait()
    time.sleep(0.05)
    print("first")
    threading.Thread(target=second).start()


threading.Thread(target=first).start()
print("main ends")
said.set()

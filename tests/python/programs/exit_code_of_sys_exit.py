# A program's exit code is the one given to sys.exit, also while another thread still works.
# SPDX-License-Identifier: MIT
# expect-exit: 3
# expect-stdout: main leaves
# expect-stdout: thread done
import sys
import threading
import time

said = threading.Event()


def work():
    said.wait()
    time.sleep(0.1)
    print("thread done")


threading.Thread(target=work).start()
print("main leaves")
said.set()
sys.exit(3)

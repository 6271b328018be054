# stdout and stderr stay separate and complete when several threads write to both.
# SPDX-License-Identifier: MIT
# expect-stdout-count: 400 out \d \d+
# expect-stderr-count: 400 err \d \d+
# expect-stderr: .
import sys
import threading


def work(n):
    for step in range(100):
        sys.stdout.write(f"out {n} {step}\n")
        sys.stderr.write(f"err {n} {step}\n")


for n in range(4):
    threading.Thread(target=work, args=(n,)).start()

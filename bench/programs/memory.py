"""memory.py N: asks the host to read the memory of the idle runtime, then again with N idle threads more."""
# SPDX-License-Identifier: MIT
import sys
import time


def let_host_read():
    """bench/ reads the memory of the process a moment after this line; nothing happens meanwhile."""
    print("@memory", flush=True)
    time.sleep(1.5)


time.sleep(0.5)
let_host_read()
if count := int(sys.argv[1]):
    import threading

    over, begun = threading.Event(), threading.Barrier(count + 1, timeout=60)
    threads = [threading.Thread(target=lambda: (begun.wait(), over.wait(60))) for _ in range(count)]
    for thread in threads:
        thread.start()
    begun.wait()
    let_host_read()
    over.set()
    for thread in threads:
        thread.join()

# The error of too many threads can be caught; the program goes on, ends its threads and exits with 0.
# SPDX-License-Identifier: MIT
# heddle-only: natively the limit is the machine's, tens of thousands of threads and their memory
# expect-stdout: can't start new thread
# expect-stdout: at least 64
# expect-stdout: all joined
# deadline-s: 180
import threading

release, threads = threading.Event(), []
try:
    while True:
        thread = threading.Thread(target=release.wait)
        thread.start()
        threads.append(thread)
except RuntimeError as error:
    print(error)
print("at least 64" if len(threads) >= 64 else f"only {len(threads)}")
release.set()
for thread in threads:
    thread.join()
print("all joined")

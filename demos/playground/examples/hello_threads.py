"""Three threads say hello at the same time.

Each thread runs the same function, and all of them run together with the
main thread: the order of the lines differs from run to run. Turn on
"Colours" above the output to see who wrote what, and look at the Threads
pane while it runs. join() waits for a thread to end.
"""
import random
import threading
import time


def greet(times):
    me = threading.current_thread().name
    for n in range(1, times + 1):
        print(f"hello number {n} from {me}")
        time.sleep(random.uniform(0.2, 0.8))


names = ["Ada", "Grace", "Alan"]
threads = [threading.Thread(target=greet, args=(5,), name=n) for n in names]
for thread in threads:
    thread.start()
print("the main thread has started them and waits")
for thread in threads:
    thread.join()
print("all threads have ended")

"""A pool of three threads works through eight slow tasks.

submit() hands a task to the pool and gives a future for its result at once.
Results are printed as they come, not in the order of the tasks; a task that
fails keeps its exception until somebody asks for the result. The whole
takes about a third of the time that one thread would need, since the tasks
wait most of the time, as downloads do.
"""
import concurrent.futures
import random
import threading
import time

PLACES = ["Oslo", "Lima", "Cairo", "Perth", "Quito", "Atlantis", "Kyoto", "Accra"]


def measure(place):
    print(f"{threading.current_thread().name} asks {place}")
    seconds = random.uniform(0.3, 0.9)
    time.sleep(seconds)  # stands for a slow network
    if place == "Atlantis":
        raise ConnectionError("no answer: it is under water")
    return random.randint(5, 35), seconds


started = time.monotonic()
waited = 0
with concurrent.futures.ThreadPoolExecutor(3, thread_name_prefix="asker") as pool:
    futures = {pool.submit(measure, place): place for place in PLACES}
    for future in concurrent.futures.as_completed(futures):
        place = futures[future]
        try:
            degrees, seconds = future.result()
        except ConnectionError as error:
            print(f"  {place}: {error}")
        else:
            waited += seconds
            print(f"  {place}: {degrees} degrees")
print(f"{waited:.1f} s of waiting took {time.monotonic() - started:.1f} s")

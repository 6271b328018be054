"""A quiz with a time limit.

A Timer is a thread that waits and then calls a function. Answer in the line
below the output. If you are quick, the timer is cancelled and nothing
happens; if not, it says so while input() still waits. cancel() works until
the time is over.
"""
import random
import threading

SECONDS = 5
score = 0

for number in range(1, 4):
    a, b = random.randint(2, 9), random.randint(2, 9)
    late = threading.Event()

    def time_is_over():
        late.set()
        print("\n(time is over, but go on)")

    timer = threading.Timer(SECONDS, time_is_over)
    timer.name = f"timer {number}"
    timer.start()
    answer = input(f"{number}. How much is {a} x {b}? ")
    timer.cancel()
    if answer.strip() != str(a * b):
        print(f"   No, it is {a * b}.")
    elif late.is_set():
        print("   Right, but too late.")
    else:
        print("   Right!")
        score += 1

print(f"{score} of 3")

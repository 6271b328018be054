# Tries one row of tests/python/interrupts with each handler; signals come from outside.
# SPDX-License-Identifier: MIT
"""Tries one row of tests/python/interrupts with each handler; the signals come from the process outside.

    python interrupt_driver.py FOLDER ROW TRIES

What is wanted of that process are lines that this one adds to FOLDER/wishes; it answers line n (from 0)
by making FOLDER/answer-n. A file, since in some rows the console is what is tested.

    signal NUMBER   send it, now
    feed LINE       to standard input
    hold            read no standard output, until
    release         read it
    text            the answer has what was printed since the last one of these, up to the mark in it
"""
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "python"))
import interrupts

#: What text() ends with; nothing else prints it.
MARK = "\ue000"

DEADLINE_S = 30.0

# The signal takes its way through two processes, which may have to wait for a processor.
interrupts.attempt.SHORT_S = 0.5


class Outside:
    def __init__(self, folder):
        self.folder = folder
        self._wishes = os.open(os.path.join(folder, "wishes"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = 0
        self._lock = threading.Lock()

    def send(self, wish):
        """Hands a wish over; its number."""
        with self._lock:
            os.write(self._wishes, f"{wish}\n".encode())
            self._count += 1
            return self._count - 1

    def ask(self, wish):
        """Hands a wish over and waits for the answer."""
        path = os.path.join(self.folder, f"answer-{self.send(wish)}")
        wait_until(lambda: os.path.exists(path), f"an answer to {wish!r}")
        with open(path, encoding="utf-8", newline="") as answer:
            return answer.read()


def wait_until(condition, what):
    limit = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError(f"interrupt_driver.py: no {what} within {DEADLINE_S} s")
        time.sleep(0.002)


class ProcessStage:
    """This process's own console."""

    outside = None

    def feed(self, line):
        self.outside.ask(f"feed {line.rstrip()}")

    def release(self):
        self.outside.ask("release")

    def text(self):
        sys.stdout.write(MARK)
        sys.stdout.flush()
        return self.outside.ask("text")

    def close(self):
        self.outside.ask("release")


def is_in_the_call():
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None:
        if frame.f_code.co_qualname.endswith(".block"):
            return True
        frame = frame.f_back
    return False


def try_once(outside, name, handler):
    """One try; False if its time was over before the signal came."""
    kind = interrupts.ROWS[name]
    if kind.console == "output":
        ProcessStage().text()  # what an interrupted try has left behind
    attempt = interrupts.Attempt(name, handler)
    signum = signal.SIGINT if handler == "none" else interrupts.SIGNUM
    if kind.console == "output" and kind.sleeps:
        outside.ask("hold")

    def send_signal():
        wait_until(is_in_the_call, "call to interrupt")
        time.sleep(0.05)  # until it sleeps, too
        outside.send(f"signal {int(signum)}")

    sender = threading.Thread(target=send_signal)
    sender.start()
    try:
        attempt.go()
    except KeyboardInterrupt:
        if handler != "none":
            raise
    sender.join()
    if handler == "returns":
        was_in_time = bool(attempt.handled)
        wait_until(lambda: attempt.handled, "signal")
        if not was_in_time:
            attempt.close()
            return False
    attempt.check()
    return True


def main(folder, name, tries):
    interrupts.stage.stage_type = ProcessStage
    ProcessStage.outside = outside = Outside(folder)
    for _ in range(int(tries)):
        for handler in ("raises", "returns", "none"):
            if not any(try_once(outside, name, handler) for _ in range(5)):
                raise AssertionError(f"{name}, {handler}: the call had ended, 5 times, before the signal came")
    with open(os.path.join(folder, "done"), "w") as done:
        done.write("all tries done")


main(*sys.argv[1:])

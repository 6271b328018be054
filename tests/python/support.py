"""What all Python tests share: deadlines, leak checks, markers for where a test holds, and clocks."""
# SPDX-License-Identifier: MIT
#
# Words: *Heddle* is the interpreter under test, the *oracle* is a native CPython 3.13 that runs the
# same files. A test marked ``@heddle_only`` states a promise that CPython itself does not make.

import _thread
import contextlib
import os
import re
import statistics
import sys
import threading
import time
import unittest
import weakref

try:
    import faulthandler
except ImportError:
    faulthandler = None

ON_HEDDLE = sys.platform in ("emscripten", "wasi") or "_heddle" in sys.builtin_module_names

#: Seconds after which one test is given up: all stacks are printed and the process ends.
TEST_DEADLINE_S = float(os.environ.get("HEDDLE_TEST_DEADLINE_S", "60"))

#: Seconds that a test waits for something another thread is about to do.
PATIENCE_S = 20.0


def heddle_only(reason):
    """Marks a test (or class) that states a promise of Heddle which native CPython does not make."""
    assert isinstance(reason, str), "a reason is wanted: @heddle_only without one would replace the test"
    return unittest.skipUnless(ON_HEDDLE, f"holds under Heddle only: {reason}")


def needs(module_name):
    """Marks a test that needs a module which a build may lack; the skip names it."""
    try:
        __import__(module_name)
    except ImportError as error:
        return unittest.skip(f"no {module_name}: {error}")
    return lambda test: test


class Watchdog:
    """Ends the process with all stacks on stderr when stop() was not called in time."""

    def __init__(self, seconds, label):
        self._label = label
        self._timer = None
        try:
            faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
        except (AttributeError, OSError, RuntimeError):  # a build or a host without it
            self._timer = threading.Timer(seconds, self._give_up)
            self._timer.daemon = True
            self._timer.start()

    def stop(self):
        if self._timer is None:
            faulthandler.cancel_dump_traceback_later()
        else:
            self._timer.cancel()
            self._timer.join()

    def _give_up(self):
        import traceback

        print(f"support: deadline: {self._label}", file=sys.__stderr__)
        for ident, frame in sys._current_frames().items():
            print(f"Thread {ident}:", file=sys.__stderr__)
            traceback.print_stack(frame, file=sys.__stderr__)
        sys.__stderr__.flush()
        os._exit(1)


class ThreadTestCase(unittest.TestCase):
    """A test that ends by a deadline and must leave no thread behind."""

    deadline_s = TEST_DEADLINE_S

    def run(self, result=None):
        watchdog = Watchdog(self.deadline_s, self.id())
        try:
            return super().run(result)
        finally:
            watchdog.stop()

    def setUp(self):
        super().setUp()
        before = _thread._count()
        self.addCleanup(self._check_no_thread_is_left, before)

    def _check_no_thread_is_left(self, before):
        if not wait_until(lambda: _thread._count() <= before):
            self.fail(f"{_thread._count() - before} threads were left running")

    def assert_raises_text(self, exception, text):
        """Expects exactly this exception type with exactly this text."""
        return self.assertRaisesRegex(exception, "^" + re.escape(text) + "$")


def wait_until(condition, patience_s=PATIENCE_S):
    """Polls until condition() holds; False when patience is over first."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


class Crew:
    """Threads of the low-level API that can be joined, and whose first exception is re-raised.

    Used as a context manager: leaving it joins all. It starts threads by start_new_thread alone,
    so that it does not lean on what is tested elsewhere.
    """

    def __init__(self):
        self._ended = []
        self._errors = []

    def start(self, function, *args, **kwargs):
        ended = _thread.allocate_lock()
        ended.acquire()
        self._ended.append(ended)

        def body():
            try:
                function(*args, **kwargs)
            except BaseException as error:
                self._errors.append(error)
            finally:
                ended.release()

        try:
            return _thread.start_new_thread(body, ())
        except BaseException:
            self._ended.remove(ended)
            raise

    def join(self):
        late = sum(not ended.acquire(timeout=PATIENCE_S) for ended in self._ended)
        self._ended.clear()
        if self._errors:
            raise self._errors[0]
        if late:
            raise AssertionError(f"{late} threads did not end within {PATIENCE_S} s")

    def __enter__(self):
        return self

    def __exit__(self, exc_type, *_):
        if exc_type is None:
            self.join()
        else:
            with contextlib.suppress(BaseException):
                self.join()


class Gate:
    """Opens once, from any thread, and stays open."""

    def __init__(self):
        self._lock = _thread.allocate_lock()
        self._lock.acquire()

    def open(self):
        self._lock.release()

    def wait(self, patience_s=PATIENCE_S):
        if not self._lock.acquire(timeout=patience_s):
            raise AssertionError("the gate did not open")
        self._lock.release()


def start_to_the_end(function, args=()):
    """Starts function(*args) as a bare thread and waits until the thread has let go of everything."""

    class Target:
        def __call__(self, *args):
            return function(*args)

    target = Target()
    alive = weakref.ref(target)
    _thread.start_new_thread(target, args)
    del target
    if not wait_until(lambda: alive() is None):
        raise AssertionError("the thread did not end")


def run_in_thread(function, *args):
    """Runs function in a new thread and gives what it returned or raises what it raised."""
    outcome = []

    def body():
        try:
            outcome.append((function(*args), None))
        except BaseException as error:
            outcome.append((None, error))

    with Crew() as crew:
        crew.start(body)
    value, error = outcome[0]
    if error is not None:
        raise error
    return value


def run_all(*targets):
    """Runs each target in a threading.Thread of its own, at the same time, to the end."""
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@contextlib.contextmanager
def unraisable_hook(hook):
    """Puts hook in as sys.unraisablehook for the time of the block."""
    former = sys.unraisablehook
    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = former


@contextlib.contextmanager
def signal_handler(signum, handler):
    """Sets a signal handler for the time of the block."""
    import signal

    former = signal.signal(signum, handler)
    try:
        yield
    finally:
        signal.signal(signum, former)


@contextlib.contextmanager
def stack_size(size):
    """Sets _thread.stack_size() for the time of the block."""
    former = _thread.stack_size(size)
    try:
        yield
    finally:
        _thread.stack_size(former)


def machine_is_quiet(look_s=0.05, largest_gap_s=0.003):
    """Whether a busy loop ran without a gap that would spoil a measurement of milliseconds."""
    end = time.perf_counter() + look_s
    last = time.perf_counter()
    while last < end:
        now = time.perf_counter()
        if now - last > largest_gap_s:
            return False
        last = now
    return True


def check_wait(test, asked_s, wait, *, tries=7, rounds=6, late_s=0.005, hard_late_s=1.0):
    """Expects wait() to take asked_s: never less, and a median at most late_s more.

    A round on a machine that is busy with other things proves nothing and is repeated. If no round
    was quiet the test is skipped with the figures; a wait that is late by hard_late_s fails anyway.
    """
    seen = []
    for _ in range(rounds):
        quiet = machine_is_quiet()
        samples = []
        for _ in range(tries):
            start = time.perf_counter()
            wait()
            samples.append(time.perf_counter() - start)
        # 1 ms of grace: the two clocks involved need not be the same one.
        test.assertGreaterEqual(min(samples), asked_s - 0.001, "the wait ended early")
        test.assertLess(min(samples), asked_s + hard_late_s, "the wait ended far too late")
        median = statistics.median(samples)
        seen.append(f"{(median - asked_s) * 1000:.2f} ms{'' if quiet else ' (busy)'}")
        if median <= asked_s + late_s:
            return
        if quiet and machine_is_quiet():
            seen[-1] += " though quiet"
    if sum("though quiet" in text for text in seen) >= rounds // 2:
        test.fail(f"median lateness: {', '.join(seen)}; at most {late_s * 1000:.0f} ms promised")
    test.skipTest(f"the machine is not quiet; median lateness: {', '.join(seen)}")

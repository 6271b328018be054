"""Promises about bad input to signals, timers and waits: the error that CPython gives, and no harm done."""
# SPDX-License-Identifier: MIT
import errno
import os
import queue
import select
import signal
import threading
import time
import unittest

from support import Crew, ThreadTestCase, run_in_thread, signal_handler, wait_until

NOT_SIGNALS = (-1, signal.NSIG, signal.NSIG + 1, 1_000_000)
NAN, INFINITY = float("nan"), float("inf")

IS_NAN = (ValueError, "Invalid value NaN (not a number)")
TOO_LARGE = OverflowError


def set_alarm_timer(seconds):
    return signal.setitimer(signal.ITIMER_REAL, seconds)


class NumberTests(ThreadTestCase):
    def assert_errno(self, expected, call, *args):
        with self.assertRaises(OSError) as raised:
            call(*args)
        self.assertEqual(expected, raised.exception.errno)

    def test_a_number_out_of_range_is_refused(self):
        ident = threading.get_ident()
        for signum in NOT_SIGNALS:
            with self.subTest(signum=signum):
                for call in (
                    lambda n: signal.signal(n, signal.SIG_IGN),
                    signal.getsignal,
                    signal.strsignal,
                    lambda n: signal.siginterrupt(n, True),
                ):
                    with self.assert_raises_text(ValueError, "signal number out of range"):
                        call(signum)
                for call in (
                    lambda n: signal.sigwait([n]),
                    lambda n: signal.sigtimedwait([n], 1),
                    lambda n: signal.pthread_sigmask(signal.SIG_BLOCK, [n]),
                ):
                    with self.assertRaisesRegex(ValueError, f"signal number {signum} out of range"):
                        call(signum)
                self.assert_errno(errno.EINVAL, signal.raise_signal, signum)
                self.assert_errno(errno.EINVAL, os.kill, os.getpid(), signum)
                self.assert_errno(errno.EINVAL, signal.pthread_kill, ident, signum)

    def test_zero_is_no_signal_and_only_looks(self):
        self.assertIsNone(signal.raise_signal(0))
        self.assertIsNone(os.kill(os.getpid(), 0))
        self.assertIsNone(signal.pthread_kill(threading.get_ident(), 0))
        with self.assert_raises_text(ValueError, "signal number out of range"):
            signal.signal(0, signal.SIG_IGN)

    def test_what_nobody_can_handle_is_refused(self):
        for signum in (signal.SIGKILL, signal.SIGSTOP):
            self.assert_errno(errno.EINVAL, signal.signal, signum, lambda *args: None)

    def test_wrong_types_are_refused(self):
        for call in (
            lambda: signal.signal([], signal.SIG_IGN),
            lambda: signal.signal(None, signal.SIG_IGN),
            lambda: signal.raise_signal(None),
            lambda: signal.raise_signal("2"),
            lambda: signal.getsignal([]),
            lambda: signal.alarm("1"),
            lambda: signal.alarm(1.5),
            lambda: set_alarm_timer("1"),
            lambda: set_alarm_timer(None),
            lambda: signal.pthread_kill("main", 0),
            lambda: signal.sigwait(3),
            lambda: signal.set_wakeup_fd("3"),
            lambda: os.kill("self", 2),
        ):
            with self.assertRaises(TypeError):
                call()

    def test_a_handler_that_cannot_be_called_is_refused(self):
        text = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
        for handler in (None, "print", 5, object()):
            with self.subTest(handler=handler), self.assert_raises_text(TypeError, text):
                signal.signal(signal.SIGUSR1, handler)
        self.assertIs(signal.SIG_DFL, signal.getsignal(signal.SIGUSR1))


class OtherThreadTests(ThreadTestCase):
    def test_handlers_are_set_in_the_main_thread_only(self):
        text = "signal only works in main thread of the main interpreter"
        with self.assert_raises_text(ValueError, text):
            run_in_thread(signal.signal, signal.SIGUSR1, signal.SIG_IGN)
        self.assertIs(signal.SIG_DFL, signal.getsignal(signal.SIGUSR1))

    def test_the_wakeup_descriptor_is_set_in_the_main_thread_only(self):
        text = "set_wakeup_fd only works in main thread of the main interpreter"
        with self.assert_raises_text(ValueError, text):
            run_in_thread(signal.set_wakeup_fd, -1)

    def test_other_threads_may_look(self):
        self.assertIs(signal.SIG_DFL, run_in_thread(signal.getsignal, signal.SIGUSR1))
        self.assertTrue(run_in_thread(signal.strsignal, signal.SIGINT))


def calls_that_wait():
    """Name, call with a number of seconds, and what a negative one gives: None, or a ValueError's text."""
    lock, event, condition = threading.Lock(), threading.Event(), threading.Condition()
    lock.acquire()
    condition.acquire()
    no_negative = "timeout value must be a non-negative number"
    must_be = "timeout must be non-negative"
    yield "sleep", time.sleep, "sleep length must be non-negative"
    yield "lock", lambda s: lock.acquire(timeout=s), no_negative
    yield "RLock", lambda s: threading.RLock().acquire(timeout=s), no_negative
    yield "Event", event.wait, None
    yield "Condition", condition.wait, None
    yield "Queue", lambda s: queue.Queue().get(timeout=s), "'timeout' must be a non-negative number"
    yield "SimpleQueue", lambda s: queue.SimpleQueue().get(timeout=s), "'timeout' must be a non-negative number"
    yield "select", lambda s: select.select([], [], [], s), must_be
    yield "sigtimedwait", lambda s: signal.sigtimedwait([signal.SIGUSR2], s), must_be


class DelayTests(ThreadTestCase):
    def test_a_negative_time_is_refused_or_over_at_once(self):
        for name, wait, text in calls_that_wait():
            for seconds in (-2, -0.5, -1e9):
                with self.subTest(name, seconds=seconds):
                    if text is None:
                        self.assertIs(False, wait(seconds))
                    else:
                        with self.assert_raises_text(ValueError, text):
                            wait(seconds)

    def test_nan_is_refused(self):
        for name, wait, _ in calls_that_wait():
            # queue.Queue and Condition compare it with what is left before anything looks at it.
            if name not in ("Queue", "Condition", "Event"):
                with self.subTest(name), self.assert_raises_text(*IS_NAN):
                    wait(NAN)
        with self.assert_raises_text(*IS_NAN):
            set_alarm_timer(NAN)

    def test_an_endless_time_is_refused(self):
        for name, wait, _ in calls_that_wait():
            for seconds in (INFINITY, 1e30):
                with self.subTest(name, seconds=seconds), self.assertRaises(TOO_LARGE):
                    wait(seconds)
        for seconds in (INFINITY, 1e30):
            with self.assertRaises(TOO_LARGE):
                set_alarm_timer(seconds)
        for seconds in (2**40, -(2**70)):
            with self.assertRaises(TOO_LARGE):
                signal.alarm(seconds)

    def test_a_bad_timer_leaves_the_one_that_runs(self):
        with signal_handler(signal.SIGALRM, lambda *args: None):
            try:
                set_alarm_timer(100)
                for seconds, error in ((-1, signal.ItimerError), (NAN, ValueError), (1e30, OverflowError)):
                    with self.subTest(seconds=seconds), self.assertRaises(error):
                        set_alarm_timer(seconds)
                with self.assertRaises(signal.ItimerError):
                    signal.setitimer(99, 1)
                with self.assertRaises(signal.ItimerError):
                    signal.getitimer(99)
                self.assertGreater(signal.getitimer(signal.ITIMER_REAL)[0], 50)
            finally:
                set_alarm_timer(0)

    def test_a_negative_alarm_is_a_very_late_one(self):
        try:
            self.assertEqual(0, signal.alarm(-1))
        finally:
            # Some 136 years; a C long of 32 bits shows them as -1.
            self.assertIn(signal.alarm(0), (2**32 - 1, -1))

    def test_a_bad_wakeup_descriptor_is_refused(self):
        reader, writer = os.pipe()
        os.close(reader)
        os.close(writer)
        with self.assertRaises((OSError, ValueError)):
            signal.set_wakeup_fd(writer)
        self.assertEqual(-1, signal.set_wakeup_fd(-1))


class StormTests(ThreadTestCase):
    def test_ten_thousand_raised_by_the_main_thread_are_all_handled(self):
        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(1)):
            for _ in range(10_000):
                signal.raise_signal(signal.SIGUSR1)
        self.assertEqual(10_000, len(seen))

    def test_ten_thousand_raised_by_threads_leave_everything_working(self):
        seen = []

        def storm():
            for _ in range(2_500):
                signal.raise_signal(signal.SIGUSR1)

        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(threading.current_thread())):
            with Crew() as crew:
                for _ in range(4):
                    crew.start(storm)
            before = len(seen)
            run_in_thread(signal.raise_signal, signal.SIGUSR1)
            self.assertTrue(wait_until(lambda: len(seen) > before))
        self.assertEqual({threading.main_thread()}, set(seen))

    def test_ten_thousand_that_are_ignored_do_nothing(self):
        with signal_handler(signal.SIGUSR1, signal.SIG_IGN):
            for _ in range(10_000):
                signal.raise_signal(signal.SIGUSR1)
        for _ in range(10_000):
            signal.raise_signal(signal.SIGCHLD)

    def test_ten_thousand_blocked_ones_are_one_when_unblocked(self):
        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(1)):
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
            for _ in range(10_000):
                signal.raise_signal(signal.SIGUSR1)
            self.assertEqual([], seen)
            self.assertEqual({signal.SIGUSR1}, signal.sigpending())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
            self.assertEqual([1], seen)


class PauseTests(ThreadTestCase):
    def test_a_signal_that_was_handled_before_does_not_end_a_pause(self):
        seen, go_on = [], threading.Event()

        def sender():
            signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
            go_on.wait()
            # Until the pause has ended: the first ones may come before it has begun.
            while len(ended) == 0:
                time.sleep(0.2)
                sent.append(1)
                signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)

        sent, ended = [], []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(1)), Crew() as crew:
            crew.start(sender)
            while not seen:  # busy: the handler runs between two bytecodes, and no wait ends
                pass
            go_on.set()
            signal.pause()
            ended.append(1)
            self.assertTrue(sent, "the pause was ended by a signal from before")


if __name__ == "__main__":
    unittest.main()

"""Promises of _thread.interrupt_main: which signals it simulates, and where their handlers run."""
# SPDX-License-Identifier: MIT
import _thread
import signal
import threading
import time
import unittest

from support import Crew, Gate, PATIENCE_S, ThreadTestCase, run_in_thread, signal_handler, wait_until

#: Signals whose handlers these tests set; all of them have a default action worth avoiding.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP)


class InterruptMainTests(ThreadTestCase):
    def test_without_a_number_simulates_sigint(self):
        seen = []
        with signal_handler(signal.SIGINT, lambda signum, frame: seen.append(signum)):
            run_in_thread(_thread.interrupt_main)
            self.assertTrue(wait_until(lambda: seen))
        self.assertEqual([signal.SIGINT], seen)

    def test_gives_none(self):
        with signal_handler(signal.SIGINT, lambda *args: None):
            self.assertIsNone(run_in_thread(_thread.interrupt_main))

    def test_the_default_handler_of_sigint_raises_keyboard_interrupt_in_the_main_thread(self):
        with signal_handler(signal.SIGINT, signal.default_int_handler):
            with self.assertRaises(KeyboardInterrupt):
                with Crew() as crew:
                    crew.start(_thread.interrupt_main)
                    time.sleep(0.1)
                wait_until(lambda: False)

    def test_simulates_the_signal_that_is_given(self):
        for signum in SIGNALS:
            with self.subTest(signum=signum):
                seen = []
                with signal_handler(signum, lambda number, frame: seen.append(number)):
                    run_in_thread(_thread.interrupt_main, signum)
                    self.assertTrue(wait_until(lambda: seen))
                self.assertEqual([signum], seen)

    def test_works_when_the_main_thread_itself_calls_it(self):
        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(threading.current_thread())):
            _thread.interrupt_main(signal.SIGUSR1)
            self.assertTrue(wait_until(lambda: seen))
        self.assertEqual([threading.main_thread()], seen)

    def test_the_handler_runs_in_the_main_thread_only(self):
        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(_thread.get_ident())):
            for _ in range(5):
                before = len(seen)
                run_in_thread(_thread.interrupt_main, signal.SIGUSR1)
                self.assertTrue(wait_until(lambda: len(seen) > before))
        self.assertEqual({threading.main_thread().ident}, set(seen))

    def test_the_handler_gets_a_frame_of_the_main_thread(self):
        frames = []
        with signal_handler(signal.SIGUSR1, lambda signum, frame: frames.append(frame)):
            run_in_thread(_thread.interrupt_main, signal.SIGUSR1)
            self.assertTrue(wait_until(lambda: frames))
        names, frame = set(), frames[0]
        while frame is not None:
            names.add(frame.f_code.co_name)
            frame = frame.f_back
        self.assertIn("test_the_handler_gets_a_frame_of_the_main_thread", names)

    def test_reaches_a_main_thread_that_computes(self):
        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(1)), Crew() as crew:
            crew.start(_thread.interrupt_main, signal.SIGUSR1)
            deadline = time.monotonic() + PATIENCE_S
            while not seen and time.monotonic() < deadline:
                pass
        self.assertEqual([1], seen)

    def test_an_exception_of_the_handler_comes_out_in_the_main_thread(self):
        class Stop(Exception):
            pass

        def handler(signum, frame):
            raise Stop

        with signal_handler(signal.SIGUSR1, handler), self.assertRaises(Stop):
            run_in_thread(_thread.interrupt_main, signal.SIGUSR1)
            wait_until(lambda: False)

    def test_different_signals_posted_together_all_arrive(self):
        seen = []
        numbers = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGTERM)
        handlers = [signal_handler(n, lambda signum, frame: seen.append(signum)) for n in numbers]
        for handler in handlers:
            handler.__enter__()
        try:
            run_in_thread(lambda: [_thread.interrupt_main(n) for n in numbers])
            self.assertTrue(wait_until(lambda: set(seen) == set(numbers)), seen)
        finally:
            for handler in handlers:
                handler.__exit__(None, None, None)

    def test_other_threads_are_not_disturbed(self):
        lock, outcome, ready = _thread.allocate_lock(), [], Gate()
        lock.acquire()

        def sleeper():
            ready.open()
            start = time.monotonic()
            outcome.append(lock.acquire(timeout=0.2))
            outcome.append(time.monotonic() - start)

        seen = []
        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(1)), Crew() as crew:
            crew.start(sleeper)
            ready.wait()
            for _ in range(5):
                _thread.interrupt_main(signal.SIGUSR1)
                time.sleep(0.005)
        self.assertTrue(seen)
        self.assertIs(False, outcome[0])
        self.assertGreaterEqual(outcome[1], 0.195)


class NothingHappensTests(ThreadTestCase):
    def test_does_nothing_when_the_signal_has_its_default_action(self):
        for signum in SIGNALS:
            with self.subTest(signum=signum), signal_handler(signum, signal.SIG_DFL):
                run_in_thread(_thread.interrupt_main, signum)
                time.sleep(0.02)

    def test_does_nothing_when_the_signal_is_ignored(self):
        for signum in SIGNALS:
            with self.subTest(signum=signum), signal_handler(signum, signal.SIG_IGN):
                run_in_thread(_thread.interrupt_main, signum)
                time.sleep(0.02)

    def test_does_nothing_without_a_number_when_sigint_is_ignored_or_default(self):
        for action in (signal.SIG_IGN, signal.SIG_DFL):
            with self.subTest(action=action), signal_handler(signal.SIGINT, action):
                run_in_thread(_thread.interrupt_main)
                time.sleep(0.02)

    def test_what_was_posted_while_ignored_does_not_arrive_later(self):
        seen = []
        with signal_handler(signal.SIGUSR1, signal.SIG_IGN):
            run_in_thread(_thread.interrupt_main, signal.SIGUSR1)
            signal.signal(signal.SIGUSR1, lambda *args: seen.append(1))
            time.sleep(0.02)
        self.assertEqual([], seen)


class ArgumentTests(ThreadTestCase):
    def test_a_number_out_of_range_is_a_value_error(self):
        for signum in (0, -1, -15, signal.NSIG, signal.NSIG + 1, 1_000_000):
            with self.subTest(signum=signum):
                with self.assert_raises_text(ValueError, "signal number out of range"):
                    _thread.interrupt_main(signum)

    def test_the_whole_range_is_accepted(self):
        for signum in range(1, signal.NSIG):
            with self.subTest(signum=signum):
                if signal.getsignal(signum) in (signal.SIG_DFL, signal.SIG_IGN):
                    self.assertIsNone(_thread.interrupt_main(signum))

    def test_a_number_that_is_no_int_is_refused(self):
        for signum in ("2", 2.0, None, [2]):
            with self.subTest(signum=signum), self.assertRaises(TypeError):
                _thread.interrupt_main(signum)
        with self.assertRaises(OverflowError):
            _thread.interrupt_main(2**70)

    def test_the_number_is_positional_only(self):
        with self.assertRaises(TypeError):
            _thread.interrupt_main(signum=2)
        with self.assertRaises(TypeError):
            _thread.interrupt_main(2, 2)


class StormTests(ThreadTestCase):
    def test_a_thousand_interrupts_from_four_threads_leave_everything_working(self):
        "Hammers posting against handling; equal signals may melt together, none may be lost at the end."
        seen, lock = [], _thread.allocate_lock()

        def post():
            for _ in range(250):
                _thread.interrupt_main(signal.SIGUSR1)

        with signal_handler(signal.SIGUSR1, lambda *args: seen.append(_thread.get_ident())):
            with Crew() as crew:
                for _ in range(4):
                    crew.start(post)
                for _ in range(200):
                    with lock:
                        time.sleep(0)
            before = len(seen)
            _thread.interrupt_main(signal.SIGUSR1)
            self.assertTrue(wait_until(lambda: len(seen) > before))
        self.assertEqual({threading.main_thread().ident}, set(seen))
        self.assertFalse(lock.locked())


if __name__ == "__main__":
    unittest.main()

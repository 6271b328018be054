"""The threading module on Heddle's _thread: its threads, conditions, semaphores, barriers, timers, hooks."""
# SPDX-License-Identifier: MIT
import threading
import time
import unittest

from support import PATIENCE_S, ThreadTestCase, check_wait, run_all, wait_until


class ThreadingTests(ThreadTestCase):
    def test_a_thread_has_a_name_that_can_be_chosen_and_changed(self):
        seen = []
        thread = threading.Thread(target=lambda: seen.append(threading.current_thread().name), name="warp")
        self.assertEqual("warp", thread.name)
        thread.start()
        thread.join()
        thread.name = "weft"
        self.assertEqual((["warp"], "weft"), (seen, thread.name))
        self.assertRegex(threading.Thread(target=print).name, r"^Thread-\d+ \(print\)$")

    def test_enumerate_and_active_count_show_the_living(self):
        gate = threading.Event()
        threads = [threading.Thread(target=gate.wait) for _ in range(4)]
        before = threading.active_count()
        for thread in threads:
            thread.start()
        self.assertEqual(before + 4, threading.active_count())
        self.assertLessEqual(set(threads), set(threading.enumerate()))
        gate.set()
        for thread in threads:
            thread.join()
        self.assertEqual(before, threading.active_count())

    def test_a_condition_lets_producer_and_consumer_take_turns(self):
        condition, slot, got = threading.Condition(), [], []

        def produce():
            for n in range(200):
                with condition:
                    condition.wait_for(lambda: not slot, PATIENCE_S)
                    slot.append(n)
                    condition.notify()

        def consume():
            for _ in range(200):
                with condition:
                    condition.wait_for(lambda: slot, PATIENCE_S)
                    got.append(slot.pop())
                    condition.notify()

        run_all(produce, consume)
        self.assertEqual(list(range(200)), got)

    def test_notify_all_wakes_every_waiter(self):
        condition, woken, waiting = threading.Condition(), [], []

        def wait():
            with condition:
                waiting.append(1)
                woken.append(condition.wait(PATIENCE_S))

        def wake():
            wait_until(lambda: len(waiting) == 8)
            with condition:
                condition.notify_all()

        run_all(*[wait] * 8, wake)
        self.assertEqual([True] * 8, woken)

    def test_a_semaphore_lets_no_more_than_its_count_in(self):
        semaphore, inside, most, lock = threading.BoundedSemaphore(3), 0, 0, threading.Lock()

        def body():
            nonlocal inside, most
            for _ in range(10):
                with semaphore:
                    with lock:
                        inside += 1
                        most = max(most, inside)
                    time.sleep(0.0005)
                    with lock:
                        inside -= 1

        run_all(*[body] * 8)
        self.assertEqual((0, True), (inside, 1 <= most <= 3))
        with self.assertRaises(ValueError):
            semaphore.release()

    def test_a_barrier_brings_threads_together_again_and_again(self):
        barrier, rounds = threading.Barrier(5), [[] for _ in range(20)]
        phases = []

        def body():
            for n in range(20):
                rounds[n].append(1)  # one step; two threads may be here at once
                if barrier.wait(PATIENCE_S) == 0:
                    phases.append(len(rounds[n]))
                barrier.wait(PATIENCE_S)

        run_all(*[body] * 5)
        self.assertEqual([5] * 20, phases)

    def test_a_timer_fires_after_its_delay_and_can_be_cancelled(self):
        fired, start = threading.Event(), time.monotonic()
        timer = threading.Timer(0.05, fired.set)
        timer.start()
        self.assertTrue(fired.wait(PATIENCE_S))
        self.assertGreaterEqual(time.monotonic() - start, 0.049)
        timer.join()
        never = threading.Event()
        timer = threading.Timer(30, never.set)
        timer.start()
        timer.cancel()
        timer.join(PATIENCE_S)
        self.assertFalse(never.is_set())

    def test_timed_waits_end_within_five_milliseconds_of_what_was_asked(self):
        event, condition, semaphore = threading.Event(), threading.Condition(), threading.Semaphore(0)

        def wait_on_condition():
            with condition:
                condition.wait(0.02)

        for name, wait in (("event", lambda: event.wait(0.02)), ("condition", wait_on_condition),
                           ("semaphore", lambda: semaphore.acquire(timeout=0.02))):
            with self.subTest(name=name):
                check_wait(self, 0.02, wait)

    def test_trace_and_profile_functions_reach_new_threads(self):
        traced, profiled = set(), set()

        def trace(frame, event, arg):
            traced.add(threading.current_thread().name)

        def profile(frame, event, arg):
            profiled.add(threading.current_thread().name)

        threading.settrace(trace)
        threading.setprofile(profile)
        try:
            thread = threading.Thread(target=lambda: None, name="traced")
            thread.start()
            thread.join()
        finally:
            threading.settrace(None)
            threading.setprofile(None)
        self.assertIn("traced", traced)
        self.assertIn("traced", profiled)


if __name__ == "__main__":
    unittest.main()

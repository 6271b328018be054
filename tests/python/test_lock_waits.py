"""Waits for locks: their time limits are kept, and no wake-up is lost under stress."""
# SPDX-License-Identifier: MIT
import _thread
import sys
import time
import unittest

from support import Crew, PATIENCE_S, ThreadTestCase, check_wait, run_in_thread


class TimedWaitTests(ThreadTestCase):
    def test_a_timed_acquire_ends_within_five_milliseconds_of_what_was_asked(self):
        lock = _thread.allocate_lock()
        lock.acquire()
        for asked_s in (0.002, 0.02, 0.1):
            with self.subTest(asked_s=asked_s):
                check_wait(self, asked_s, lambda: lock.acquire(timeout=asked_s))

    def test_a_timed_acquire_in_a_thread_ends_within_five_milliseconds(self):
        lock = _thread.allocate_lock()
        lock.acquire()
        run_in_thread(check_wait, self, 0.02, lambda: lock.acquire(timeout=0.02))

    def test_a_sleep_ends_within_five_milliseconds_of_what_was_asked(self):
        check_wait(self, 0.02, lambda: time.sleep(0.02))
        run_in_thread(check_wait, self, 0.02, lambda: time.sleep(0.02))

    def test_a_timeout_that_is_an_int_counts_in_seconds(self):
        lock = _thread.allocate_lock()
        lock.acquire()
        start = time.monotonic()
        self.assertIs(False, lock.acquire(True, 1))
        self.assertGreaterEqual(time.monotonic() - start, 0.995)

    def test_the_tiniest_timeouts_end(self):
        lock = _thread.allocate_lock()
        lock.acquire()
        for timeout in (1e-9, 1e-7, 1e-6, 1e-5, sys.float_info.min):
            with self.subTest(timeout=timeout):
                self.assertFalse(lock.acquire(timeout=timeout))

    def test_many_threads_time_out_on_one_lock(self):
        lock, results = _thread.allocate_lock(), []
        lock.acquire()
        with Crew() as crew:
            for n in range(12):
                crew.start(lambda n=n: results.append(lock.acquire(timeout=0.01 + 0.002 * n)))
        self.assertEqual([False] * 12, results)
        lock.release()
        self.assertTrue(lock.acquire(False))


class StressTests(ThreadTestCase):
    def test_ten_thousand_hand_overs_between_two_threads(self):
        "Hammers the wake-up: each step needs the other thread to be woken, none may be lost."
        ping, pong = _thread.allocate_lock(), _thread.allocate_lock()
        ping.acquire()
        pong.acquire()
        count = 5000

        def partner():
            for _ in range(count):
                ping.acquire()
                pong.release()

        with Crew() as crew:
            crew.start(partner)
            for step in range(count):
                ping.release()
                if not pong.acquire(timeout=PATIENCE_S):
                    self.fail(f"the lock was lost at step {step}")
        self.assertTrue(ping.locked() and pong.locked())

    def test_a_counter_guarded_by_a_lock_loses_no_step(self):
        "Hammers release against acquire with short sections."
        lock, total = _thread.allocate_lock(), 0

        def body():
            nonlocal total
            for _ in range(2000):
                with lock:
                    seen = total
                    if not seen % 50:
                        time.sleep(0)
                    total = seen + 1

        with Crew() as crew:
            for _ in range(5):
                crew.start(body)
        self.assertEqual(10_000, total)
        self.assertFalse(lock.locked())

    def test_tiny_timeouts_race_with_releases(self):
        "Hammers a waiter that gives up at the moment at which it is handed the lock."
        lock, taken = _thread.allocate_lock(), []

        def body():
            mine = 0
            for n in range(150):
                if lock.acquire(timeout=(n % 5) * 0.0002):
                    mine += 1
                    time.sleep(0.0001)
                    lock.release()
            taken.append(mine)

        with Crew() as crew:
            for _ in range(6):
                crew.start(body)
        self.assertGreater(sum(taken), 0)
        self.assertFalse(lock.locked())
        self.assertTrue(lock.acquire(False))

    def test_a_ring_of_threads_passes_a_token(self):
        "Hammers many locks at once: each thread waits on its own and frees its neighbour's."
        size, rounds = 12, 50
        locks = [_thread.allocate_lock() for _ in range(size)]
        for lock in locks:
            lock.acquire()
        passed = []

        def body(n):
            for _ in range(rounds):
                locks[n].acquire()
                passed.append(n)
                locks[(n + 1) % size].release()

        with Crew() as crew:
            for n in range(size):
                crew.start(body, n)
            locks[0].release()
        self.assertEqual(list(range(size)) * rounds, passed)


if __name__ == "__main__":
    unittest.main()

"""Promises of the lock object: its states, acquire and its arguments, release, with."""
# SPDX-License-Identifier: MIT
import _thread
import time
import unittest

from lock_promises import ObjectPromises, TimeoutPromises
from support import Crew, PATIENCE_S, ThreadTestCase, run_in_thread, wait_until


class StateTests(ObjectPromises, ThreadTestCase):
    kind = staticmethod(_thread.allocate_lock)
    type_name = "_thread.lock"

    def test_a_new_lock_is_unlocked(self):
        self.assertIs(False, _thread.allocate_lock().locked())

    def test_each_call_gives_a_new_lock(self):
        first, second = _thread.allocate_lock(), _thread.allocate_lock()
        self.assertIsNot(first, second)
        first.acquire()
        self.assertFalse(second.locked())

    def test_locked_tells_whether_some_thread_has_it(self):
        lock = _thread.allocate_lock()
        lock.acquire()
        self.assertIs(True, lock.locked())
        self.assertIs(True, run_in_thread(lock.locked))
        lock.release()
        self.assertIs(False, lock.locked())

    def test_repr_tells_the_state_the_type_and_the_address(self):
        lock = _thread.allocate_lock()
        self.assertRegex(repr(lock), r"^<unlocked _thread\.lock object at 0x[0-9a-fA-F]+>$")
        lock.acquire()
        self.assertRegex(repr(lock), r"^<locked _thread\.lock object at 0x[0-9a-fA-F]+>$")

    def test_locks_compare_by_identity_and_can_be_keys(self):
        first, second = _thread.allocate_lock(), _thread.allocate_lock()
        self.assertEqual(first, first)
        self.assertNotEqual(first, second)
        self.assertEqual({first: 1, second: 2}[second], 2)

    def test_a_lock_has_no_attributes_of_its_own(self):
        with self.assertRaises(AttributeError):
            _thread.allocate_lock().note = 1


class TypeTests(ThreadTestCase):
    def test_lock_type_is_the_type_of_locks(self):
        self.assertIs(_thread.LockType, type(_thread.allocate_lock()))

    def test_calling_the_type_makes_a_lock(self):
        lock = _thread.LockType()
        self.assertFalse(lock.locked())
        with self.assertRaises(TypeError):
            _thread.LockType(1)

    def test_the_type_cannot_be_a_base_class(self):
        with self.assert_raises_text(TypeError, "type '_thread.lock' is not an acceptable base type"):
            type("Mine", (_thread.LockType,), {})


class AcquireTests(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.lock = _thread.allocate_lock()

    def test_acquiring_a_free_lock_gives_true(self):
        for args, kwargs in (((), {}), ((True,), {}), ((1,), {}), ((False,), {}), ((True, -1), {}),
                             ((True, 0), {}), ((True, 0.5), {}), ((), {"blocking": True}),
                             ((), {"blocking": False}), ((), {"timeout": 1}), ((), {"timeout": -1}),
                             ((), {"timeout": -1.0}), ((), {"blocking": True, "timeout": 2.5}),
                             ((False, -1), {})):
            with self.subTest(args=args, kwargs=kwargs):
                self.assertIs(True, self.lock.acquire(*args, **kwargs))
                self.assertTrue(self.lock.locked())
                self.lock.release()

    def test_not_blocking_on_a_held_lock_gives_false_at_once(self):
        self.lock.acquire()
        start = time.monotonic()
        self.assertIs(False, self.lock.acquire(False))
        self.assertIs(False, self.lock.acquire(blocking=False))
        self.assertIs(False, run_in_thread(self.lock.acquire, False))
        self.assertLess(time.monotonic() - start, 5)

    def test_a_timeout_of_zero_on_a_held_lock_gives_false_at_once(self):
        self.lock.acquire()
        self.assertIs(False, self.lock.acquire(timeout=0))
        self.assertIs(False, self.lock.acquire(True, 0.0))

    def test_a_failed_acquire_changes_nothing(self):
        self.lock.acquire()
        self.lock.acquire(False)
        self.lock.acquire(timeout=0.001)
        self.assertTrue(self.lock.locked())
        self.lock.release()
        self.assertFalse(self.lock.locked())

    def test_acquire_waits_until_another_thread_releases(self):
        self.lock.acquire()
        got = []
        with Crew() as crew:
            crew.start(lambda: got.append(self.lock.acquire()))
            time.sleep(0.02)
            self.assertEqual([], got)
            self.lock.release()
        self.assertEqual([True], got)
        self.assertTrue(self.lock.locked())

    def test_acquire_without_limit_outlasts_a_long_hold(self):
        self.lock.acquire()
        with Crew() as crew:
            crew.start(lambda: (time.sleep(0.3), self.lock.release()))
            self.assertTrue(self.lock.acquire(True, -1))

    def test_a_timed_acquire_gets_a_lock_released_in_time(self):
        self.lock.acquire()
        with Crew() as crew:
            crew.start(lambda: (time.sleep(0.02), self.lock.release()))
            self.assertIs(True, self.lock.acquire(timeout=PATIENCE_S))

    def test_only_one_thread_at_a_time_has_the_lock(self):
        inside, most = 0, 0

        def body():
            nonlocal inside, most
            for _ in range(200):
                with self.lock:
                    inside += 1
                    most = max(most, inside)
                    time.sleep(0)
                    inside -= 1

        with Crew() as crew:
            for _ in range(6):
                crew.start(body)
        self.assertEqual(1, most)
        self.assertFalse(self.lock.locked())


class ArgumentTests(TimeoutPromises, ThreadTestCase):
    kind = staticmethod(_thread.allocate_lock)

    def test_the_maximum_timeout_is_allowed(self):
        self.assertTrue(self.lock.acquire(timeout=_thread.TIMEOUT_MAX))
        with Crew() as crew:
            crew.start(lambda: (time.sleep(0.01), self.lock.release()))
            self.assertTrue(self.lock.acquire(True, _thread.TIMEOUT_MAX))
        self.lock.release()

    def test_the_maximum_timeout_is_a_large_positive_float(self):
        self.assertIsInstance(_thread.TIMEOUT_MAX, float)
        self.assertGreater(_thread.TIMEOUT_MAX, 24 * 3600)

    def test_unknown_and_surplus_arguments_are_a_type_error(self):
        with self.assertRaises(TypeError):
            self.lock.acquire(True, 1, 2)
        with self.assertRaises(TypeError):
            self.lock.acquire(wait=True)
        with self.assertRaises(TypeError):
            self.lock.release(1)
        with self.assertRaises(TypeError):
            self.lock.locked(1)


class ReleaseTests(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.lock = _thread.allocate_lock()

    def test_release_gives_none(self):
        self.lock.acquire()
        self.assertIsNone(self.lock.release())

    def test_releasing_an_unlocked_lock_is_a_runtime_error(self):
        with self.assert_raises_text(RuntimeError, "release unlocked lock"):
            self.lock.release()
        with self.assertRaises(_thread.error):
            self.lock.release()
        self.assertFalse(self.lock.locked())
        self.assertTrue(self.lock.acquire(False))

    def test_releasing_twice_is_a_runtime_error(self):
        self.lock.acquire()
        self.lock.release()
        with self.assertRaises(RuntimeError):
            self.lock.release()

    def test_a_thread_may_release_what_another_acquired(self):
        run_in_thread(self.lock.acquire)
        self.assertTrue(self.lock.locked())
        self.lock.release()
        self.assertFalse(self.lock.locked())
        self.lock.acquire()
        run_in_thread(self.lock.release)
        self.assertFalse(self.lock.locked())

    def test_release_lets_exactly_one_waiter_through(self):
        self.lock.acquire()
        got, waiters = [], 6
        with Crew() as crew:
            for n in range(waiters):
                crew.start(lambda n=n: (self.lock.acquire(), got.append(n)))
            for expected in range(waiters):
                time.sleep(0.01)
                self.assertEqual(expected, len(got))
                self.lock.release()
                self.assertTrue(wait_until(lambda: len(got) == expected + 1))
        self.assertEqual(list(range(waiters)), sorted(got))
        self.assertTrue(self.lock.locked())


class WithTests(ThreadTestCase):
    def test_is_locked_inside_and_unlocked_after(self):
        lock = _thread.allocate_lock()
        with lock as value:
            self.assertIs(True, value)
            self.assertTrue(lock.locked())
        self.assertFalse(lock.locked())

    def test_is_unlocked_after_an_exception_which_comes_through(self):
        lock = _thread.allocate_lock()
        with self.assertRaises(ZeroDivisionError):
            with lock:
                1 / 0
        self.assertFalse(lock.locked())

    def test_is_unlocked_when_the_thread_exits_inside(self):
        lock = _thread.allocate_lock()

        def body():
            with lock:
                _thread.exit()

        _thread.start_new_thread(body, ())
        self.assertTrue(lock.acquire(timeout=PATIENCE_S) or self.fail("not released"))

    def test_a_block_that_released_by_itself_gets_the_runtime_error(self):
        lock = _thread.allocate_lock()
        with self.assertRaises(RuntimeError):
            with lock:
                lock.release()


if __name__ == "__main__":
    unittest.main()

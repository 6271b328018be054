"""Promises of _thread.RLock, the lock that its owner may acquire again."""
# SPDX-License-Identifier: MIT
import _thread
import time
import unittest

from lock_promises import ObjectPromises, TimeoutPromises
from support import Crew, Gate, ThreadTestCase, check_wait, heddle_only, run_in_thread, wait_until


class ObjectTests(ObjectPromises, ThreadTestCase):
    kind = staticmethod(_thread.RLock)
    type_name = "_thread.RLock"


class TimeoutTests(TimeoutPromises, ThreadTestCase):
    kind = staticmethod(_thread.RLock)


class RLockTests(ThreadTestCase):
    def setUp(self):
        super().setUp()
        self.lock = _thread.RLock()

    def free_for_others(self):
        def attempt():
            got = self.lock.acquire(False)
            if got:
                self.lock.release()
            return got

        return run_in_thread(attempt)

    def test_its_owner_acquires_it_again_without_waiting(self):
        for _ in range(1000):
            self.assertIs(True, self.lock.acquire())
        for _ in range(1000):
            self.assertFalse(self.free_for_others() if self.lock._recursion_count() in (1, 1000) else False)
            self.lock.release()
        self.assertTrue(self.free_for_others())

    def test_another_thread_waits_for_it(self):
        self.lock.acquire()
        got = []

        def body():
            got.append(self.lock.acquire())
            self.lock.release()

        with Crew() as crew:
            crew.start(body)
            time.sleep(0.02)
            self.assertEqual([], got)
            self.lock.release()
        self.assertEqual([True], got)

    def test_releasing_it_unheld_is_a_runtime_error(self):
        with self.assert_raises_text(RuntimeError, "cannot release un-acquired lock"):
            self.lock.release()
        self.lock.acquire()
        self.lock.release()
        with self.assertRaises(RuntimeError):
            self.lock.release()

    def test_releasing_what_another_thread_holds_is_a_runtime_error(self):
        run_in_thread(self.lock.acquire)
        with self.assert_raises_text(RuntimeError, "cannot release un-acquired lock"):
            self.lock.release()
        self.assertFalse(self.lock.acquire(False))

    def test_a_timed_acquire_ends_within_five_milliseconds_of_what_was_asked(self):
        release = Gate()
        with Crew() as crew:
            crew.start(lambda: (self.lock.acquire(), release.wait(), self.lock.release()))
            self.assertTrue(wait_until(lambda: not self.lock.acquire(False) or self.lock.release()))
            try:
                check_wait(self, 0.02, lambda: self.lock.acquire(timeout=0.02))
            finally:
                release.open()

    def test_not_blocking_gives_false_when_another_thread_holds_it(self):
        run_in_thread(self.lock.acquire)
        self.assertIs(False, self.lock.acquire(False))
        self.assertIs(False, self.lock.acquire(timeout=0))
        self.assertIs(False, self.lock.acquire(timeout=0.001))

    def test_works_as_a_context_manager_also_nested_and_with_exceptions(self):
        with self.lock as value:
            self.assertIs(True, value)
            with self.lock:
                self.assertFalse(self.free_for_others())
            self.assertFalse(self.free_for_others())
        self.assertTrue(self.free_for_others())
        with self.assertRaises(ZeroDivisionError), self.lock:
            1 / 0
        self.assertTrue(self.free_for_others())

    def test_repr_tells_state_owner_and_count(self):
        self.assertRegex(repr(self.lock), r"^<unlocked _thread\.RLock object owner=0 count=0 at 0x[0-9a-fA-F]+>$")
        self.lock.acquire()
        self.lock.acquire()
        self.assertRegex(repr(self.lock),
                         rf"^<locked _thread\.RLock object owner={_thread.get_ident()} count=2 at 0x[0-9a-fA-F]+>$")

    def test_ownership_can_be_asked_for(self):
        self.assertFalse(self.lock._is_owned())
        self.assertEqual(0, self.lock._recursion_count())
        with self.lock, self.lock:
            self.assertTrue(self.lock._is_owned())
            self.assertEqual(2, self.lock._recursion_count())
            self.assertFalse(run_in_thread(self.lock._is_owned))
            self.assertEqual(0, run_in_thread(self.lock._recursion_count))

    def test_it_can_be_given_up_and_taken_back_as_a_whole(self):
        "Condition.wait stands on this."
        for _ in range(3):
            self.lock.acquire()
        state = self.lock._release_save()
        self.assertFalse(self.lock._is_owned())
        self.assertTrue(self.free_for_others())
        self.lock._acquire_restore(state)
        self.assertEqual(3, self.lock._recursion_count())
        self.assertFalse(self.free_for_others())

    def test_giving_up_what_is_not_held_is_a_runtime_error(self):
        with self.assert_raises_text(RuntimeError, "cannot release un-acquired lock"):
            self.lock._release_save()

    def test_can_be_subclassed_and_can_carry_attributes_then(self):
        class Mine(_thread.RLock):
            pass

        lock = Mine()
        lock.note = "mine"
        with lock:
            self.assertIn("locked", repr(lock))
        self.assertEqual("mine", lock.note)

    def test_many_threads_that_nest_lose_no_step(self):
        "Hammers the last release of an owner against the first acquire of the next one."
        total = 0

        def body():
            nonlocal total
            for n in range(400):
                with self.lock:
                    with self.lock:
                        seen = total
                        if not n % 20:
                            time.sleep(0)
                        total = seen + 1

        with Crew() as crew:
            for _ in range(6):
                crew.start(body)
        self.assertEqual(2400, total)
        self.assertEqual(0, self.lock._recursion_count())
        self.assertTrue(self.free_for_others())

    @heddle_only("CPython's RLock has no docstring")
    def test_has_a_docstring(self):
        self.assertTrue(_thread.RLock.__doc__)


if __name__ == "__main__":
    unittest.main()

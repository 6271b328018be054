"""Promises that locks of both kinds make; test_lock.py and test_rlock.py make tests of them."""
# SPDX-License-Identifier: MIT
#
# A test case that inherits from one of these says in `kind` what makes a new lock, and in `type_name` what
# Python calls it.

import _thread
import copy
import gc
import math
import pickle
import weakref

from support import run_in_thread


class ObjectPromises:
    """A lock among Python's objects."""

    def test_can_be_referenced_weakly(self):
        lock, died = self.kind(), []
        reference = weakref.ref(lock, died.append)
        self.assertIs(lock, reference())
        del lock
        gc.collect()
        self.assertIsNone(reference())
        self.assertEqual([reference], died)

    def test_a_held_lock_may_be_forgotten(self):
        lock = self.kind()
        lock.acquire()
        reference = weakref.ref(lock)
        del lock
        gc.collect()
        self.assertIsNone(reference())

    def test_locks_cannot_be_copied_or_pickled(self):
        lock = self.kind()
        text = f"cannot pickle '{self.type_name}' object"
        for copier in (copy.copy, copy.deepcopy, pickle.dumps):
            with self.subTest(copier=copier):
                with self.assert_raises_text(TypeError, text):
                    copier(lock)


class TimeoutPromises:
    """What acquire() says of timeouts that it cannot take."""

    def setUp(self):
        super().setUp()
        self.lock = self.kind()
        self.addCleanup(self.check_it_is_free)

    def check_it_is_free(self):
        self.assertTrue(run_in_thread(self.lock.acquire, False), "a refused call took the lock")

    def test_a_timeout_without_blocking_is_a_value_error(self):
        for timeout in (0, 1, 0.5):
            with self.subTest(timeout=timeout):
                with self.assert_raises_text(ValueError, "can't specify a timeout for a non-blocking call"):
                    self.lock.acquire(False, timeout)
                with self.assertRaises(ValueError):
                    self.lock.acquire(blocking=False, timeout=timeout)

    def test_a_negative_timeout_other_than_minus_one_is_a_value_error(self):
        for timeout in (-2, -0.5, -100.0, -1e-9, -1.5):
            with self.subTest(timeout=timeout):
                with self.assert_raises_text(ValueError, "timeout value must be a non-negative number"):
                    self.lock.acquire(timeout=timeout)

    def test_a_timeout_that_is_not_a_number_is_a_value_error(self):
        with self.assert_raises_text(ValueError, "Invalid value NaN (not a number)"):
            self.lock.acquire(timeout=math.nan)

    def test_a_timeout_above_the_maximum_is_an_overflow_error(self):
        for timeout in (_thread.TIMEOUT_MAX * 1.01, 1e100, math.inf, 2**80):
            with self.subTest(timeout=timeout), self.assertRaises(OverflowError):
                self.lock.acquire(timeout=timeout)

    def test_a_timeout_of_the_wrong_type_is_a_type_error(self):
        for timeout in ("1", None, [], 1j):
            with self.subTest(timeout=timeout), self.assertRaises(TypeError):
                self.lock.acquire(timeout=timeout)

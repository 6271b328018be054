"""Promises about numbers: many threads at once, very many in sequence, a limit that is an error, memory."""
# SPDX-License-Identifier: MIT
import _thread
import gc
import sys
import threading
import time
import unittest

from support import Crew, Gate, ThreadTestCase, heddle_only, run_in_thread, start_to_the_end, wait_until


def allocated_blocks():
    for _ in range(3):
        gc.collect()
    return sys.getallocatedblocks()


class DepthTests(ThreadTestCase):
    """Recursion in C ends with an exception before the stack does, in the main thread and in others."""

    deadline_s = 180

    # As deep as each goes: beyond that it has to be one of these two.
    def deepest(self, make, most=12_000):
        low, high = 1, most
        while low < high:
            middle = (low + high + 1) // 2
            try:
                make(middle)
                low = middle
            except (RecursionError, MemoryError):
                high = middle - 1
        return low

    def check(self, at_least):
        for repeated in ("()", ".b", "[0]", "*a", "(a)", "+f'{a}'", " if a else a"):
            with self.subTest(repeated=repeated):
                self.assertGreater(self.deepest(lambda n: compile("a" + repeated * n, "deep", "eval")), at_least)
        with self.subTest("elif"):
            self.assertGreater(
                self.deepest(lambda n: compile("if a: b" + "\nelif a: b" * n, "deep", "exec")), at_least // 3)

    def test_expressions_nested_as_deep_as_the_compiler_goes_compile_in_the_main_thread(self):
        self.check(500)

    def test_they_do_so_in_a_thread_of_the_usual_stack(self):
        run_in_thread(self.check, 150)

    @heddle_only("natively the smallest stack is larger, and nobody counts it")
    def test_they_do_so_in_threads_of_the_smallest_stack(self):
        former = threading.stack_size(256 * 1024)
        try:
            run_in_thread(self.check, 50)
        finally:
            threading.stack_size(former)


class ManyThreadsTests(ThreadTestCase):
    deadline_s = 180

    def test_sixty_four_threads_are_alive_at_once(self):
        before, gate, running = _thread._count(), Gate(), []

        def body(n):
            running.append(n)
            gate.wait(120)

        with Crew() as crew:
            try:
                idents = [crew.start(body, n) for n in range(64)]
                self.assertTrue(wait_until(lambda: len(running) == 64, 120))
                self.assertEqual(64, len(set(idents)))
                self.assertGreaterEqual(_thread._count(), before + 64)
            finally:
                gate.open()
        self.assertEqual(set(range(64)), set(running))

    def test_sixty_four_threads_compute_and_all_get_the_right_result(self):
        results = {}

        def body(n):
            total = 0
            for step in range(2000):
                total += step * n
            results[n] = total

        with Crew() as crew:
            for n in range(64):
                crew.start(body, n)
        self.assertEqual({n: n * 1999 * 1000 for n in range(64)}, results)

    def test_a_thousand_threads_started_and_joined_in_sequence(self):
        seen = []
        for n in range(1000):
            thread = threading.Thread(target=seen.append, args=(n,))
            thread.start()
            thread.join()
        self.assertEqual(list(range(1000)), seen)

    def test_a_thousand_bare_threads_in_sequence(self):
        seen = []
        for n in range(1000):
            run_in_thread(seen.append, n)
        self.assertEqual(list(range(1000)), seen)

    def test_bursts_of_threads_come_and_go(self):
        "Hammers the reuse of what a thread leaves behind: stacks, workers, table entries."
        for _ in range(12):
            done = []
            with Crew() as crew:
                for n in range(16):
                    crew.start(done.append, n)
            self.assertEqual(set(range(16)), set(done))


class MemoryTests(ThreadTestCase):
    deadline_s = 120

    def check_no_growth(self, work, allowed_blocks=200):
        "Runs work twice to warm up, then expects that running it again leaves no blocks behind."
        work()
        work()
        seen = []
        for _ in range(4):
            before = allocated_blocks()
            work()
            self.assertTrue(wait_until(lambda: _thread._count() == 0))
            seen.append(allocated_blocks() - before)
            if seen[-1] <= allowed_blocks:
                return
        self.fail(f"blocks left behind by each round: {seen}")

    def test_memory_is_back_after_threads_in_sequence(self):
        def work():
            for _ in range(300):
                thread = threading.Thread(target=list, args=(range(50),))
                thread.start()
                thread.join()

        self.check_no_growth(work)

    def test_memory_is_back_after_many_threads_at_once(self):
        def work():
            gate = Gate()
            with Crew() as crew:
                for _ in range(32):
                    crew.start(gate.wait)
                gate.open()

        self.check_no_growth(work)

    def test_memory_is_back_after_threads_that_fail(self):
        def work():
            import contextlib
            import io

            def boom():
                raise ValueError

            with contextlib.redirect_stderr(io.StringIO()):
                for _ in range(100):
                    start_to_the_end(boom)

        self.check_no_growth(work)

    def test_memory_is_back_after_locks_and_locals(self):
        def work():
            locks = [_thread.allocate_lock() for _ in range(2000)]
            for lock in locks:
                lock.acquire()
                lock.acquire(timeout=0)
            for _ in range(500):
                local = _thread._local()
                local.value = [1, 2, 3]
                run_in_thread(setattr, local, "value", 2) if _ % 50 == 0 else None

        self.check_no_growth(work)

    def test_references_are_back_after_refused_starts(self):
        token = object()
        before = sys.getrefcount(token)
        for _ in range(100):
            for args in ((1, (token,)), (print, [token]), (print, (token,), token)):
                try:
                    _thread.start_new_thread(*args)
                except TypeError:
                    pass
        del args
        self.assertEqual(before, sys.getrefcount(token))


@heddle_only("natively the limit is the machine's: tens of thousands of threads and their memory")
class LimitTests(ThreadTestCase):
    deadline_s = 240

    def fill(self, crew, gate):
        "Starts threads until there can be no more; gives their number and the error."
        for started in range(100_000):
            try:
                crew.start(gate.wait, 120)
            except RuntimeError as error:
                return started, error
        self.fail("there is no limit")

    def test_starting_threads_without_end_is_a_runtime_error_and_all_is_well_and_free_afterwards(self):
        blocks = []
        for _ in range(2):
            gate = Gate()
            with Crew() as crew:
                try:
                    started, error = self.fill(crew, gate)
                finally:
                    gate.open()
            self.assertEqual("can't start new thread", str(error))
            self.assertGreaterEqual(started, 64)
            self.assertTrue(wait_until(lambda: _thread._count() == 0))
            self.assertEqual("works", run_in_thread(lambda: "works"))
            del crew, error
            blocks.append(allocated_blocks())
        self.assertLess(blocks[1] - blocks[0], 1000)

    def test_at_the_limit_the_error_comes_at_once_and_threading_forgets_the_refused_thread(self):
        gate = Gate()
        with Crew() as crew:
            try:
                self.fill(crew, gate)
                start = time.monotonic()
                for _ in range(20):
                    with self.assert_raises_text(RuntimeError, "can't start new thread"):
                        _thread.start_new_thread(print, ())
                self.assertLess(time.monotonic() - start, 10)
                thread = threading.Thread(target=print)
                with self.assert_raises_text(RuntimeError, "can't start new thread"):
                    thread.start()
                self.assertNotIn(thread, threading.enumerate())
                self.assertFalse(thread.is_alive())
            finally:
                gate.open()


if __name__ == "__main__":
    unittest.main()

"""Thread pools and futures: order, exceptions, cancelling, shutdown."""
# SPDX-License-Identifier: MIT
import concurrent.futures
import threading
import unittest

from support import PATIENCE_S, ThreadTestCase


class PoolTests(ThreadTestCase):
    def test_map_keeps_the_order(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual([n * n for n in range(100)], list(pool.map(lambda n: n * n, range(100))))

    def test_an_exception_comes_out_of_result(self):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            future = pool.submit(lambda: 1 / 0)
            with self.assertRaises(ZeroDivisionError):
                future.result(PATIENCE_S)
            self.assertIsInstance(future.exception(), ZeroDivisionError)

    def test_as_completed_gives_the_fast_one_first(self):
        release = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            slow = pool.submit(release.wait, PATIENCE_S)
            fast = pool.submit(lambda: "fast")
            finished = concurrent.futures.as_completed([slow, fast], PATIENCE_S)
            self.assertIs(fast, next(finished))
            release.set()
            self.assertIs(slow, next(finished))

    def test_wait_returns_when_the_first_is_done(self):
        release = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            slow, fast = pool.submit(release.wait, PATIENCE_S), pool.submit(int)
            done, waiting = concurrent.futures.wait([slow, fast], PATIENCE_S, concurrent.futures.FIRST_COMPLETED)
            self.assertEqual(({fast}, {slow}), (done, waiting))
            release.set()

    def test_queued_work_can_be_cancelled(self):
        release = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            pool.submit(release.wait, PATIENCE_S)
            queued = pool.submit(int)
            self.assertTrue(queued.cancel())
            release.set()
        with self.assertRaises(concurrent.futures.CancelledError):
            queued.result()

    def test_a_pool_starts_no_more_threads_than_it_needs(self):
        names = set()
        with concurrent.futures.ThreadPoolExecutor(3, thread_name_prefix="pool") as pool:
            list(pool.map(lambda _: names.add(threading.current_thread().name), range(60)))
        self.assertLessEqual(names, {"pool_0", "pool_1", "pool_2"})

    def test_an_initializer_runs_in_each_thread(self):
        local = threading.local()
        with concurrent.futures.ThreadPoolExecutor(3, initializer=setattr, initargs=(local, "ready", 1)) as pool:
            self.assertEqual([1] * 30, list(pool.map(lambda _: local.ready, range(30))))

    def test_work_submitted_after_shutdown_is_a_runtime_error(self):
        pool = concurrent.futures.ThreadPoolExecutor(1)
        pool.shutdown()
        with self.assert_raises_text(RuntimeError, "cannot schedule new futures after shutdown"):
            pool.submit(int)


if __name__ == "__main__":
    unittest.main()

"""multiprocessing among the threads of one process: locks, queues, pools of threads; and no processes."""
# SPDX-License-Identifier: MIT

import _thread
import errno
import multiprocessing
import multiprocessing.dummy
import multiprocessing.pool
import threading
import time
import unittest

from support import heddle_only, run_all

DEADLINE_S = 60


def double(number):
    return number * 2


class Pools(unittest.TestCase):
    def test_a_pool_of_threads_maps_in_order(self):
        for pool_of in (multiprocessing.pool.ThreadPool, multiprocessing.dummy.Pool):
            with pool_of(4) as pool:
                self.assertEqual(pool.map(double, range(100)), [2 * n for n in range(100)])
                self.assertEqual(sorted(pool.imap_unordered(double, range(10))), [2 * n for n in range(10)])
                self.assertEqual(pool.apply_async(double, (21,)).get(DEADLINE_S), 42)

    def test_an_error_comes_back(self):
        with multiprocessing.pool.ThreadPool(2) as pool:
            with self.assertRaises(ZeroDivisionError):
                pool.map(lambda n: 1 // n, [1, 0])

    def test_its_threads_are_several(self):
        barrier = threading.Barrier(4)
        with multiprocessing.pool.ThreadPool(4) as pool:
            self.assertEqual(len(set(pool.map(lambda _: barrier.wait(DEADLINE_S), range(4)))), 4)


class Locks(unittest.TestCase):
    def test_a_lock_excludes(self):
        lock = multiprocessing.Lock()
        count = 0

        def work():
            nonlocal count
            for _ in range(500):
                with lock:
                    seen = count
                    if seen % 50 == 0:
                        time.sleep(0)
                    count = seen + 1

        run_all(*[work] * 8)
        self.assertEqual(count, 4000)
        self.assertTrue(lock.acquire(block=False))
        self.assertFalse(lock.acquire(block=False))
        lock.release()

    def test_release_of_what_is_free_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "^semaphore or lock released too many times$"):
            multiprocessing.Lock().release()
        with self.assertRaisesRegex(AssertionError, "^attempt to release recursive lock not owned by thread$"):
            multiprocessing.RLock().release()
        bounded = multiprocessing.BoundedSemaphore(2)
        with self.assertRaisesRegex(ValueError, "^semaphore or lock released too many times$"):
            bounded.release()

    def test_a_recursive_lock_is_its_owners(self):
        lock = multiprocessing.RLock()
        with lock, lock:
            taken = []
            other = threading.Thread(target=lambda: taken.append(lock.acquire(timeout=0.01)))
            other.start()
            other.join(DEADLINE_S)
            self.assertEqual(taken, [False])

    def test_a_semaphore_counts(self):
        semaphore = multiprocessing.Semaphore(2)
        self.assertEqual(semaphore.get_value(), 2)
        self.assertTrue(semaphore.acquire() and semaphore.acquire())
        self.assertFalse(semaphore.acquire(timeout=0.01))
        self.assertFalse(semaphore.acquire(timeout=-1))
        semaphore.release()
        self.assertEqual(semaphore.get_value(), 1)

    def test_never_more_inside_than_the_semaphore_lets(self):
        semaphore = multiprocessing.BoundedSemaphore(3)
        inside = []
        most = []

        def work():
            for _ in range(100):
                with semaphore:
                    inside.append(0)
                    most.append(len(inside))
                    time.sleep(0)
                    inside.pop()

        run_all(*[work] * 8)
        self.assertLessEqual(max(most), 3)
        self.assertEqual(semaphore.get_value(), 3)

    def test_conditions_events_and_barriers(self):
        condition = multiprocessing.Condition()
        event = multiprocessing.Event()
        barrier = multiprocessing.Barrier(3)
        told = []

        def wait(_):
            barrier.wait(DEADLINE_S)
            with condition:
                while not told:
                    self.assertTrue(condition.wait(DEADLINE_S))
            self.assertTrue(event.wait(DEADLINE_S))

        threads = [threading.Thread(target=wait, args=(i,)) for i in range(2)]
        for thread in threads:
            thread.start()
        barrier.wait(DEADLINE_S)
        with condition:
            told.append(True)
            condition.notify_all()
        event.set()
        for thread in threads:
            thread.join(DEADLINE_S)
        self.assertFalse(any(thread.is_alive() for thread in threads))

    @heddle_only("interrupt_main() wakes no wait of native semaphores")
    def test_an_interrupt_ends_the_main_threads_wait(self):
        for lock in (multiprocessing.Lock(), multiprocessing.RLock()):
            holder = threading.Thread(target=lock.acquire)
            holder.start()
            holder.join(DEADLINE_S)
            timer = threading.Timer(0.05, _thread.interrupt_main)
            timer.start()
            with self.assertRaises(KeyboardInterrupt):
                lock.acquire(timeout=DEADLINE_S)
            timer.join(DEADLINE_S)

    def test_a_name_is_taken_once(self):
        import _multiprocessing

        make = lambda unlink: _multiprocessing.SemLock(1, 1, 1, "/heddle-test", unlink)
        first = make(False)
        with self.assertRaises(FileExistsError):
            make(False)
        again = _multiprocessing.SemLock._rebuild(0, 1, 1, "/heddle-test")
        self.assertTrue(first.acquire(False))
        self.assertFalse(again.acquire(False))
        _multiprocessing.sem_unlink("/heddle-test")
        with self.assertRaises(FileNotFoundError):
            _multiprocessing.sem_unlink("/heddle-test")
        make(True)


class Queues(unittest.TestCase):
    def test_what_is_put_is_got(self):
        for queue in (multiprocessing.Queue(), multiprocessing.SimpleQueue(), multiprocessing.JoinableQueue()):
            sums = []

            def take():
                sums.append(sum(iter(queue.get, None)))

            takers = [threading.Thread(target=take) for _ in range(3)]
            for taker in takers:
                taker.start()
            for number in [*range(200), None, None, None]:
                queue.put(number)
            for taker in takers:
                taker.join(DEADLINE_S)
            self.assertEqual(sum(sums), sum(range(200)))
            queue.close()

    def test_a_pipe_has_two_ends(self):
        one, other = multiprocessing.Pipe()
        one.send({"a": [1, 2]})
        self.assertEqual(other.recv(), {"a": [1, 2]})
        other.send_bytes(b"back")
        self.assertEqual(one.recv_bytes(), b"back")


@heddle_only("no process can be started")
class NoProcesses(unittest.TestCase):
    def check(self, start):
        with self.assertRaisesRegex(OSError, "emscripten does not support processes") as caught:
            start()
        self.assertEqual(caught.exception.errno, errno.ENOTSUP)

    def test_a_process_does_not_start(self):
        for method in ("fork", "spawn"):
            context = multiprocessing.get_context(method)
            self.check(lambda: context.Process(target=double, args=(1,)).start())

    def test_pools_and_managers_of_processes_do_not_start(self):
        self.check(lambda: multiprocessing.Pool(2))
        self.check(multiprocessing.Manager)

    def test_there_are_no_children(self):
        self.assertEqual(multiprocessing.active_children(), [])


if __name__ == "__main__":
    unittest.main()

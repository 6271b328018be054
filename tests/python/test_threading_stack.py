"""Programs on top of _thread: threading, queue, concurrent.futures, logging, asyncio, sched, imports."""
# SPDX-License-Identifier: MIT
import collections
import concurrent.futures
import contextlib
import functools
import importlib
import io
import itertools
import logging
import os
import pathlib
import queue
import sched
import sys
import tempfile
import threading
import time
import unittest

from support import Crew, PATIENCE_S, ThreadTestCase, check_wait, needs, wait_until


def run_all(*targets):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


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
        barrier, rounds = threading.Barrier(5), collections.Counter()
        phases = []

        def body():
            for n in range(20):
                rounds[n] += 1
                if barrier.wait(PATIENCE_S) == 0:
                    phases.append(rounds[n])
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


class QueueTests(ThreadTestCase):
    def test_every_item_arrives_exactly_once_through_each_kind_of_queue(self):
        for make in (queue.Queue, lambda: queue.Queue(3), queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
            with self.subTest(make=make):
                box, got = make(), []

                def produce(start):
                    for n in range(start, start + 100):
                        box.put(n)

                def consume():
                    while (item := box.get(timeout=PATIENCE_S)) < 1_000_000:
                        got.append(item)

                consumers = [threading.Thread(target=consume) for _ in range(3)]
                for consumer in consumers:
                    consumer.start()
                run_all(*[functools.partial(produce, 100 * n) for n in range(4)])
                # A stack gives the last item first: end only when the others have been taken.
                self.assertTrue(wait_until(lambda: len(got) == 400), len(got))
                for _ in consumers:
                    box.put(1_000_000)
                for consumer in consumers:
                    consumer.join(PATIENCE_S)
                self.assertEqual(list(range(400)), sorted(got))

    def test_join_waits_until_all_tasks_are_done(self):
        box, done = queue.Queue(), []

        def work():
            for _ in range(10):
                n = box.get(timeout=PATIENCE_S)
                time.sleep(0.001)
                done.append(n)
                box.task_done()

        thread = threading.Thread(target=work)
        thread.start()
        for n in range(10):
            box.put(n)
        box.join()
        self.assertEqual(list(range(10)), done)
        thread.join()

    def test_shutdown_wakes_those_who_wait(self):
        box, ended = queue.Queue(), []

        def consume():
            try:
                box.get()
            except queue.ShutDown:
                ended.append(1)

        with Crew() as crew:
            for _ in range(4):
                crew.start(consume)
            time.sleep(0.02)
            box.shutdown()
        self.assertEqual(4, len(ended))

    def test_timeouts_are_empty_and_full(self):
        with self.assertRaises(queue.Empty):
            queue.Queue().get(timeout=0.01)
        with self.assertRaises(queue.Empty):
            queue.SimpleQueue().get(timeout=0.01)
        full = queue.Queue(1)
        full.put(1)
        with self.assertRaises(queue.Full):
            full.put(2, timeout=0.01)


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


class LoggingTests(ThreadTestCase):
    def test_records_of_many_threads_are_whole_lines_with_the_name_of_their_thread(self):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(threadName)s:%(thread)d:%(message)s"))
        logger = logging.getLogger("heddle-test")
        logger.addHandler(handler)
        logger.propagate = False
        self.addCleanup(logger.removeHandler, handler)
        idents = {}

        def body():
            idents[threading.current_thread().name] = threading.get_ident()
            for n in range(50):
                logger.warning("step %d", n)

        run_all(*[body] * 6)
        lines = stream.getvalue().splitlines()
        expected = {f"{name}:{ident}:step {n}" for name, ident in idents.items() for n in range(50)}
        self.assertEqual(300, len(lines))
        self.assertEqual(expected, set(lines))

    def test_a_queue_listener_hands_records_on(self):
        from logging.handlers import QueueHandler, QueueListener

        box, seen = queue.SimpleQueue(), []

        class Collect(logging.Handler):
            def emit(self, record):
                seen.append((record.getMessage(), threading.current_thread() is not threading.main_thread()))

        listener = QueueListener(box, Collect())
        listener.start()
        handler = QueueHandler(box)
        handler.emit(logging.makeLogRecord({"msg": "hello", "levelno": 30}))
        listener.stop()
        self.assertEqual([("hello", True)], seen)


@needs("asyncio")
class AsyncioTests(ThreadTestCase):
    def setUp(self):
        super().setUp()
        import asyncio

        self.asyncio = asyncio
        self.addCleanup(asyncio.set_event_loop_policy, None)

    def test_work_runs_in_a_thread_while_the_loop_goes_on(self):
        asyncio, gate = self.asyncio, threading.Event()

        async def main():
            work = asyncio.create_task(asyncio.to_thread(gate.wait, PATIENCE_S))
            ticks = 0
            while ticks < 5:
                await asyncio.sleep(0.001)
                ticks += 1
            gate.set()
            return ticks, await work

        self.assertEqual((5, True), asyncio.run(main()))

    def test_a_thread_wakes_an_idle_loop_at_once(self):
        asyncio = self.asyncio

        async def main():
            loop, woken = asyncio.get_running_loop(), asyncio.Event()

            def poke():
                time.sleep(0.05)
                loop.call_soon_threadsafe(woken.set)

            thread = threading.Thread(target=poke)
            thread.start()
            start = time.monotonic()
            await asyncio.wait_for(woken.wait(), PATIENCE_S)
            thread.join()
            return time.monotonic() - start

        self.assertLess(asyncio.run(main()), 2)

    def test_a_coroutine_can_be_run_from_another_thread(self):
        asyncio = self.asyncio
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        async def answer():
            await asyncio.sleep(0.001)
            return 42

        self.assertEqual(42, asyncio.run_coroutine_threadsafe(answer(), loop).result(PATIENCE_S))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()

    def test_each_thread_can_have_its_own_loop(self):
        asyncio, results = self.asyncio, []

        async def count():
            for _ in range(5):
                await asyncio.sleep(0.001)
            results.append(threading.get_ident())

        run_all(*[lambda: asyncio.run(count())] * 4)
        self.assertEqual(4, len(results))

    def test_an_executor_of_ones_own_is_used(self):
        asyncio = self.asyncio

        async def main():
            with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="own") as pool:
                return await asyncio.get_running_loop().run_in_executor(
                    pool, lambda: threading.current_thread().name)

        self.assertRegex(asyncio.run(main()), r"^own_\d$")


class OtherModulesTests(ThreadTestCase):
    def test_a_scheduler_runs_its_events_in_order(self):
        seen = []
        scheduler = sched.scheduler(time.monotonic, time.sleep)
        start = time.monotonic()
        for n, delay in enumerate((0.03, 0.01, 0.02)):
            scheduler.enterabs(start + delay, 1, seen.append, (n,))
        thread = threading.Thread(target=scheduler.run)
        thread.start()
        thread.join(PATIENCE_S)
        self.assertEqual([1, 2, 0], seen)

    def test_threads_that_import_one_module_run_its_body_once(self):
        with tempfile.TemporaryDirectory() as folder:
            name = "heddle_imported_once"
            pathlib.Path(folder, f"{name}.py").write_text(
                "import time\ntime.sleep(0.02)\nCOUNT = globals().get('COUNT', 0) + 1\nOBJECT = object()\n")
            sys.path.insert(0, folder)
            importlib.invalidate_caches()
            try:
                seen = []
                run_all(*[lambda: seen.append(importlib.import_module(name).OBJECT)] * 8)
                self.assertEqual(1, len(set(map(id, seen))))
                self.assertEqual(8, len(seen))
                self.assertEqual(1, sys.modules[name].COUNT)
            finally:
                sys.path.remove(folder)
                sys.modules.pop(name, None)

    def test_threads_that_import_modules_in_a_circle_do_not_deadlock(self):
        with tempfile.TemporaryDirectory() as folder:
            for mine, other in (("heddle_left", "heddle_right"), ("heddle_right", "heddle_left")):
                pathlib.Path(folder, f"{mine}.py").write_text(
                    f"import time\ntime.sleep(0.02)\nimport {other}\nDONE = 1\n")
            sys.path.insert(0, folder)
            importlib.invalidate_caches()
            try:
                run_all(lambda: importlib.import_module("heddle_left"),
                        lambda: importlib.import_module("heddle_right"))
                self.assertEqual((1, 1), (sys.modules["heddle_left"].DONE, sys.modules["heddle_right"].DONE))
            finally:
                sys.path.remove(folder)
                sys.modules.pop("heddle_left", None)
                sys.modules.pop("heddle_right", None)

    def test_a_cached_property_and_an_lru_cache_can_be_used_by_many(self):
        @functools.lru_cache
        def square(n):
            return n * n

        wrong = []

        def body():
            for n in range(500):
                if square(n % 50) != (n % 50) ** 2:
                    wrong.append(n)

        run_all(*[body] * 6)
        self.assertEqual([], wrong)

    def test_one_counter_shared_by_threads_gives_each_number_once(self):
        counter, seen = itertools.count(), []
        run_all(*[lambda: seen.extend(next(counter) for _ in range(300))] * 6)
        self.assertEqual(list(range(1800)), sorted(seen))

    def test_temporary_files_of_many_threads_have_different_names(self):
        names = []

        def body():
            for _ in range(10):
                with tempfile.NamedTemporaryFile("w+") as file:
                    file.write(file.name)
                    file.seek(0)
                    assert file.read() == file.name
                    names.append(file.name)

        run_all(*[body] * 5)
        self.assertEqual(50, len(names))

    def test_context_managers_of_several_threads_do_not_meet(self):
        @contextlib.contextmanager
        def doubled(value):
            time.sleep(0)
            yield value * 2

        wrong = []

        def body(n):
            for _ in range(100):
                with doubled(n) as value:
                    if value != 2 * n:
                        wrong.append(n)

        run_all(*[functools.partial(body, n) for n in range(5)])
        self.assertEqual([], wrong)

    @needs("sqlite3")
    def test_threads_share_an_sqlite_file(self):
        import sqlite3

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "shared.db")
            with contextlib.closing(sqlite3.connect(path)) as base, base:
                base.execute("create table t (n integer)")

            def body():
                with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE_S)) as base:
                    for n in range(5):
                        with base:
                            base.execute("insert into t values (?)", (n,))

            run_all(*[body] * 4)
            with contextlib.closing(sqlite3.connect(path)) as base:
                self.assertEqual((20,), base.execute("select count(*) from t").fetchone())


if __name__ == "__main__":
    unittest.main()

"""Modules of the standard library that many threads use at once: logging, imports, caches, files, databases."""
# SPDX-License-Identifier: MIT
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

from support import PATIENCE_S, ThreadTestCase, needs, run_all


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

"""asyncio with threads: work in a thread, wake-ups of a loop by a thread, a loop in each thread."""
# SPDX-License-Identifier: MIT
import concurrent.futures
import threading
import time
import unittest

from support import PATIENCE_S, ThreadTestCase, needs, run_all


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


if __name__ == "__main__":
    unittest.main()

"""Queues between threads: each item arrives once, waits end."""
# SPDX-License-Identifier: MIT
import functools
import queue
import threading
import time
import unittest

from support import Crew, PATIENCE_S, ThreadTestCase, run_all, wait_until


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
            self.assertTrue(wait_until(lambda: len(box.not_empty._waiters) == 4))
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


if __name__ == "__main__":
    unittest.main()

"""time.sleep(0) lets other threads run."""
# SPDX-License-Identifier: MIT
import threading
import time
import unittest


class SleepOfNoTimeTests(unittest.TestCase):
    def test_two_threads_take_turns(self):
        turns = []
        start = threading.Barrier(2)

        def take_turns(name):
            start.wait()
            for _ in range(200):
                turns.append(name)
                time.sleep(0)

        threads = [threading.Thread(target=take_turns, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        switches = sum(left != right for left, right in zip(turns, turns[1:]))
        self.assertEqual(len(turns), 400)
        self.assertGreater(switches, 20)


if __name__ == "__main__":
    unittest.main()

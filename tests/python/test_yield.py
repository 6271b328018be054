"""time.sleep(0) lets other threads run."""
# SPDX-License-Identifier: MIT
import sys
import threading
import time
import unittest


class SleepOfNoTimeTests(unittest.TestCase):
    def test_two_threads_take_turns(self):
        turns = [""]
        deadline = time.monotonic() + 20

        def take_turns(name):
            # One of them may be kept from running for a while: turns count, not time.
            while len(turns) < 100 and time.monotonic() < deadline:
                if turns[-1] != name:
                    turns.append(name)
                time.sleep(0)

        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1000)  # only who sleeps lets the other one run
        threads = [threading.Thread(target=take_turns, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertGreaterEqual(len(turns), 100)


if __name__ == "__main__":
    unittest.main()

"""Rows of loops: a busy one, one that prints, and asyncio's."""
# SPDX-License-Identifier: MIT
import asyncio
import sys

from . import stage
from .row import Row


class BusyRow(Row):
    title = "a busy loop"
    timed = sleeps = False
    freed = False

    def block(self, timeout):
        while not self.freed:
            pass
        return True

    def free(self):
        self.freed = True


class PrintLoopRow(BusyRow):
    """It prints as fast as it is read."""

    title = "a loop that prints"
    console = "output"

    def __init__(self):
        self.stage = stage.stage_type()
        self.stage.release()

    def block(self, timeout):
        lines = 0
        while not self.freed:
            print("line")
            lines += 1
        sys.stdout.flush()
        return self.stage.text() == "line\n" * lines

    def is_usable(self):
        print("usable", flush=True)
        return self.stage.text().endswith("usable\n")

    def close(self):
        self.stage.close()


class AsyncioSleepRow(Row):
    title = "asyncio.run(sleep())"
    untimed = False
    timed_out = None

    def block(self, timeout):
        return asyncio.run(asyncio.sleep(timeout))


class AsyncioEventRow(Row):
    title = "asyncio.run(Event.wait())"
    timed = False

    def block(self, timeout):
        async def main():
            self.event, self.loop = asyncio.Event(), asyncio.get_running_loop()
            return await self.event.wait()

        return asyncio.run(main())

    def free(self):
        self.loop.call_soon_threadsafe(self.event.set)

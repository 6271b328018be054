"""Rows of reading standard input, and of printing what nobody reads."""
# SPDX-License-Identifier: MIT
import sys

from . import stage
from .row import Row


class StdinRow(Row):
    timed = False
    console = "input"

    def __init__(self):
        self.stage = stage.stage_type()

    def block(self, timeout):
        return self.read() == "line"

    def free(self):
        self.stage.feed("line\n")

    def is_usable(self):
        self.free()
        return self.read() == "line"

    def close(self):
        self.stage.close()


class InputRow(StdinRow):
    title = "input()"

    def read(self):
        return input()


class StdinReadlineRow(StdinRow):
    title = "sys.stdin.readline()"

    def read(self):
        return sys.stdin.readline().rstrip("\n")


class StdinBufferRow(StdinRow):
    title = "sys.stdin.buffer.read()"

    def read(self):
        return sys.stdin.buffer.read(5).decode().rstrip("\n")


class PrintRow(Row):
    """A text that is longer than what any pipe or console holds, and nobody takes it."""

    title = "print(), nobody reads"
    timed = False
    console = "output"

    def __init__(self):
        self.stage = stage.stage_type()

    def block(self, timeout):
        print("x" * 2**20, flush=True)
        return self.stage.text() == "x" * 2**20 + "\n"

    def free(self):
        self.stage.release()

    def is_usable(self):
        # What was cut off may be short or come late; what is printed next follows it, whole.
        self.stage.release()
        print("usable", flush=True)
        text = self.stage.text()
        return text.endswith("usable\n") and not text.removesuffix("usable\n").strip("x\n")

    def close(self):
        self.stage.close()

"""Where standard input comes from, and where printed text goes, in rows that are about the console."""
# SPDX-License-Identifier: MIT
import os
import sys
import threading


class PipeStage:
    """Pipes in the place of stdin and stdout, for interpreters that no program drives."""

    def __init__(self):
        self._former = sys.stdin, sys.stdout
        stdin, self._feed = os.pipe()
        self._taken, stdout = os.pipe()
        sys.stdin, sys.stdout = open(stdin, encoding="utf-8"), open(stdout, "w", encoding="utf-8")
        self._text = bytearray()
        self._taker = None

    def feed(self, line):
        os.write(self._feed, line.encode())

    def release(self):
        """Takes what is printed, from now on."""
        if self._taker is None:
            self._taker = threading.Thread(target=self._take)
            self._taker.start()

    def _take(self):
        while data := os.read(self._taken, 65536):
            self._text += data

    def text(self):
        """What was printed; nothing can be printed later."""
        self.release()
        sys.stdout.close()
        self._taker.join()
        return self._text.decode()

    def close(self):
        self.text()
        sys.stdin.close()
        os.close(self._feed)
        os.close(self._taken)
        sys.stdin, sys.stdout = self._former


#: What rows with `console` use; a host that drives a session sets its own.
stage_type = PipeStage

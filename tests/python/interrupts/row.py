"""What every row has: a blocking call that can be tried, freed and looked at afterwards."""
# SPDX-License-Identifier: MIT

#: Seconds of a wait that is to be ended by the handler.
LONG_S = 600.0


class Row:
    """One blocking call. An instance is good for one try."""

    #: How tables call it.
    title = ""
    #: Whether it can wait with a limit, and without one; a try is without, where it can be.
    timed = untimed = True
    #: What block() gives, or the type that it raises, when its limit is over.
    timed_out = False
    #: Whether the thread sleeps meanwhile.
    sleeps = True
    #: "input" or "output" if it waits for the console.
    console = None

    def block(self, timeout):
        """The call; True when it ended because of free()."""
        raise NotImplementedError

    def free(self):
        """Lets block(None) come to its end; called in another thread."""

    def is_usable(self):
        """Whether the object works as if block() had never been called."""
        return True

    def close(self):
        """Gives back what the row holds."""

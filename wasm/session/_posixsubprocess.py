"""What starts processes elsewhere. Here none can be started."""
# SPDX-License-Identifier: MIT

import errno
import sys


def fork_exec(*_):
    raise OSError(errno.ENOTSUP, f"{sys.platform} does not support processes.")

# sys.exit with a text prints it to stderr and exits with 1.
# SPDX-License-Identifier: MIT
# expect-exit: 1
# expect-stderr: ^the loom is broken\n$
import sys

sys.exit("the loom is broken")

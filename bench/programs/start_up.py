"""Start-up: prints one line; the host measures from making the process to reading it."""
# SPDX-License-Identifier: MIT
print("first print")

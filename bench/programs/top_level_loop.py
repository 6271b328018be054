"""A loop of two million steps at the top level of a fresh program: code that runs once, and long."""
# SPDX-License-Identifier: MIT
import time

from samples import report

start = time.perf_counter()
total = 0
for n in range(2_000_000):
    total += n & 3
report([time.perf_counter() - start])

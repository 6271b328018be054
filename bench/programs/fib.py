"""fib(27), the plain recursive one: 832,040 calls of a small function."""
# SPDX-License-Identifier: MIT
from samples import per_step, report


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def steps(count):
    for _ in range(count):
        fib(27)


report(per_step(steps, 1, 5, warm_up=1))

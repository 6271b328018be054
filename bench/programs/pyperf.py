"""What pyperformance's programs use of the package pyperf, here without its worker processes.

A benchmark is called with twice as many loops until it takes MIN_SECONDS, which is also its warm-up;
then come VALUES calls that count.
"""
# SPDX-License-Identifier: MIT
import argparse
from time import perf_counter

MIN_SECONDS = 0.1
VALUES = 3

# Seconds for one step of each benchmark that has run, by name.
results = {}


class Runner:
    """Takes a benchmark's functions and runs them at once; ignores what only pyperf's command line needs."""

    def __init__(self, add_cmdline_args=None):
        self.metadata = {}
        self.argparser = argparse.ArgumentParser()

    def parse_args(self):
        return self.argparser.parse_args([])

    def bench_func(self, name, function, *args, inner_loops=1):
        def seconds(loops):
            start = perf_counter()
            for _ in range(loops):
                function(*args)
            return perf_counter() - start

        self.bench_time_func(name, seconds, inner_loops=inner_loops)

    def bench_time_func(self, name, function, *args, inner_loops=1):
        loops = 1
        while function(loops, *args) < MIN_SECONDS:
            loops *= 2
        results[name] = [function(loops, *args) / (loops * inner_loops) for _ in range(VALUES)]

"""How a benchmark program hands its samples to bench/run.js: one JSON line, mostly seconds."""
# SPDX-License-Identifier: MIT
import json
import time


def report(samples):
    """Prints the samples (seconds each, unless the program says otherwise) as the last thing of a program."""
    print(json.dumps({"samples": samples}), flush=True)


def per_step(function, steps, samples, warm_up=3):
    """Times function(steps), which does that many steps; gives seconds for each step.

    The first calls are thrown away: they load code, grow memory, and give a compiler its chance.
    """
    for _ in range(warm_up):
        function(steps)
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        function(steps)
        times.append((time.perf_counter() - start) / steps)
    return times

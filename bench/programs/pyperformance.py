"""pyperformance.py FILE: runs a program of pyperformance's, as it is; a sample is the sum over its benchmarks."""
# SPDX-License-Identifier: MIT
import sys

import pyperf
from samples import report

path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
exec(code, {"__name__": "__main__", "__file__": path})
report([sum(values) for values in zip(*pyperf.results.values())])

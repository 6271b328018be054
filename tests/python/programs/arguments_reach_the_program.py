# Arguments after the file's name reach sys.argv, and __name__ is __main__.
# SPDX-License-Identifier: MIT
# args: --speed 3 "two words"
# expect-stdout: __main__ ['--speed', '3', 'two words']
import sys

print(__name__, sys.argv[1:])

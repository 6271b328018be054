# input() works in a thread and sees the lines of a pipe in order, then its end.
# SPDX-License-Identifier: MIT
# stdin: one\ntwo\n
# expect-stdout: ['one', 'two']
# expect-stdout: end of file
import threading

lines = []


def work():
    try:
        while True:
            lines.append(input())
    except EOFError:
        print(lines)
        print("end of file")


thread = threading.Thread(target=work)
thread.start()
thread.join()

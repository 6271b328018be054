# A SyntaxError's line is read in the file's own encoding.
# SPDX-License-Identifier: MIT
# expect-exit: 1
# expect-stderr: return "ä"
with open("/tmp/latin.py", "wb") as file:
    file.write(b'# coding: latin1\nreturn "\xe4"\n')
with open("/tmp/latin.py", "rb") as file:
    compile(file.read(), "/tmp/latin.py", "exec")

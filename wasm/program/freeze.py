"""Writes a module's compiled code as bytes of C: python3.13 freeze.py SOURCE MODULE > HEADER."""
# SPDX-License-Identifier: MIT
import marshal
import sys

source, module = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    code = compile(file.read(), f"<frozen {module}>", "exec", dont_inherit=True)
print(f"// {module}, by freeze.py.")
print(", ".join(map(str, marshal.dumps(code))))

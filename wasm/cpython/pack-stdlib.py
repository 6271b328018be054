"""Packs the standard library as one archive of compiled bytecode.

usage: pack-stdlib.py LIB SYSCONFIGDATA EXTRA OUTPUT
  LIB            CPython's Lib folder
  SYSCONFIGDATA  the build's _sysconfigdata module
  EXTRA          folder with Heddle's own Python modules
  OUTPUT         the archive to write

The entries are deflated: few servers compress a .zip, and a page starts sooner when it moves three
megabytes instead of ten; inflating a module takes a fraction of a millisecond. Run it with
-X no_debug_ranges: the columns of each instruction are a fifth of the bytecode, and tracebacks do
not show them without the source. Everything in it depends on the inputs alone, so equal inputs give
equal bytes.
"""
# SPDX-License-Identifier: MIT

import importlib._bootstrap_external as bootstrap
import importlib.util
import pathlib
import re
import sys
import zipfile

# What has no use here: no Tk, no processes to install into, no tests, no ctypes and curses, whose C halves
# are missing; the prompt that needs a terminal of its own (but not its front, which falls back to the
# simple one); other platforms; what the C modules replace.
LEFT_OUT = re.compile(
    r"^(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|__phello__|pydoc_data/__pycache__|venv/scripts)(/|$)"
    r"|^(ctypes|curses)/|^_pyrepl/(?!__init__|__main__|main|pager|trace)"
    r"|^(turtle|antigravity|__hello__|_aix_support|_osx_support|_ios_support|_android_support)\.py$"
    r"|^(_pydecimal|_pydatetime|_pyio)\.py$"
    r"|(^|/)(tests?|__pycache__|idle_test)/|_sysconfigdata.*(linux|darwin|gnu)"
)
# Where tracebacks say that a module comes from.
HOME = "/usr/local/lib/python313.zip"
EPOCH = (2025, 1, 1, 0, 0, 0)


def compiled(path, name):
    source = path.read_bytes()
    code = compile(source, f"{HOME}/{name}", "exec", dont_inherit=True, optimize=0)
    return bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False)


def main(lib, sysconfigdata, extra, output):
    modules = {}
    for folder in (pathlib.Path(lib), pathlib.Path(extra)):
        for path in folder.rglob("*.py"):
            name = path.relative_to(folder).as_posix()
            if not LEFT_OUT.search(name):
                modules[name] = path
    modules[pathlib.Path(sysconfigdata).name] = pathlib.Path(sysconfigdata)
    with zipfile.ZipFile(output, "w") as archive:
        for name in sorted(modules):
            entry = zipfile.ZipInfo(re.sub(r"\.py$", ".pyc", name), EPOCH)
            archive.writestr(entry, compiled(modules[name], name), zipfile.ZIP_DEFLATED, 9)
    print(f"{output}: {len(modules)} modules, {pathlib.Path(output).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Packs the standard library as two archives of compiled bytecode, and one of its sources."""
# SPDX-License-Identifier: MIT
#
# usage: pack-stdlib.py LIB SYSCONFIGDATA EXTRA HOME FIRST REST SOURCES ZONES
#   LIB            CPython's Lib folder
#   SYSCONFIGDATA  the build's _sysconfigdata module
#   EXTRA          folder with Heddle's own Python modules
#   HOME           where the archives are laid out: tracebacks show it
#   FIRST          the archive that every load fetches: what most programs use, and the directory of the other
#   REST           the archive that the first import of something in it fetches
#   SOURCES        the archive that the first traceback through the library fetches
#   ZONES          folder with what time/pack-zones.py has made
#
# The entries are deflated: few servers compress a .zip, and a page starts sooner when it moves three
# megabytes instead of ten. Inflating a module takes a fraction of a millisecond. Entries that every start
# reads are stored: nothing is inflated then, and no engine compiles inflate() for it.
#
# Run it with -X no_debug_ranges: the columns of each instruction are a fifth of the bytecode, and tracebacks
# do not show them without the source. Everything in the archives depends on the inputs alone, so equal
# inputs give equal bytes.

import importlib._bootstrap_external as bootstrap
import importlib.util
import pathlib
import re
import sys
import zipfile
import zlib

# Modules without use here: Tk; processes; tests; curses, whose C half is missing; the prompt that
# needs a terminal of its own (but not its front, which falls back to the simple one, nor what asyncio's prompt takes).
LEFT_OUT = re.compile(
    r"^(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data/__pycache__|venv/scripts)(/|$)"
    r"|^curses/|^_pyrepl/(?!__init__|__main__|console|main|pager|trace)"
    r"|^(turtle|antigravity)\.py$"
    r"|(^|/)(tests?|__pycache__|idle_test)/|_sysconfigdata.*(linux|darwin|gnu)"
)
# Modules that few programs import, and that no other module needs (tests/js/module/stdlib-rest.test.js). Three groups:
# the network, processes, other formats, other platforms, tools; encodings beyond Unicode and western Europe; modules
# that are frozen into python.wasm as well.
IN_REST = re.compile(
    r"^(asyncio|ctypes|dbm|email|html|http|importlib/(metadata|resources)|multiprocessing|pydoc_data|sqlite3|unittest"
    r"|urllib|venv|wsgiref|xml|xmlrpc|zipfile|zoneinfo|sysconfig|tomllib)/"
    r"|^(concurrent/futures/process|logging/(config|handlers))\.py$"
    r"|^_pyrepl/console\.py$|^__phello__/|^(__hello__|_(aix|android|ios|osx)_support|_markupbase|_posixsubprocess|_pydatetime|_pydecimal|_pyio|_sysconfigdata\w*|bdb|cProfile|cmd|compileall"
    r"|configparser|difflib|doctest|filecmp|fileinput|ftplib"
    r"|getpass|imaplib|ipaddress|mailbox|mimetypes|modulefinder|netrc|nturl2path|optparse|pdb|pickletools|platform"
    r"|plistlib|poplib|profile|pstats|py_compile|pyclbr|pydoc|quopri|shelve|smtplib|socket|socketserver|ssl|stringprep"
    r"|subprocess|symtable|tabnanny|tarfile|trace|wave|webbrowser|zipapp)\.py$"
    r"|^encodings/(?!__init__|aliases|ascii|base64_codec|charmap|cp1252|cp437|hex_codec|latin_1|raw_unicode_escape"
    r"|unicode_escape|utf_)"
    r"|^(_collections_abc|_sitebuiltins|abc|codecs|genericpath|io|ntpath|posixpath|runpy|site|stat|zipimport)\.py$"
    r"|^importlib/(_bootstrap\w*|abc|machinery|readers|simple|util)\.py$"
)
# The first archive's first entry: host/stamp-build.py writes the build's id there.
BUILD_ID = "build.id"
ID_SIZE = 32
# The one with the other archive's directory.
LATER_DIRECTORY = "later.directory"
# And the one that tells of the sources: the CRC-32 of their directory, then the size of each module's source, as
# numbers of four bytes, in the order of the modules in the two archives.
SOURCES_LIST = "sources.list"
# What is no module: the zones' present rules go into the first archive, their files into the other one.
ZONE_LIST = "zones.list"
ZONE_FILES = "zoneinfo.zip"
# What a start reads, up to a session's first run or the end of `import threading`.
AT_START = re.compile(
    rf"^({BUILD_ID}|{LATER_DIRECTORY}|{SOURCES_LIST}|{ZONE_LIST}|(_weakrefset|heddle_session|heddle_streams|linecache|threading|types|warnings)\.pyc"
    r"|encodings/(__init__|aliases|utf_8)\.pyc)$"
)
# Where the library would start a process, in the words that `subprocess` has for it.
NO_PROCESS = (
    "import errno, sys; raise OSError(errno.ENOTSUP, f'{sys.platform} does not support processes.')"
)
SAYS_NO = {"multiprocessing/popen_fork.py": ("self.pid = os.fork()", NO_PROCESS)}
EPOCH = (2025, 1, 1, 0, 0, 0)
END_BYTES = 22


def source_of(path, name):
    source = path.read_bytes()
    old, new = (text.encode() for text in SAYS_NO.get(name, ("", "")))
    if old not in source:
        raise SystemExit(f"pack-stdlib.py: {path} has no {old!r} any more")
    return source.replace(old, new) if old else source


def compiled(path, name, filename):
    source = source_of(path, name)
    code = compile(source, filename, "exec", dont_inherit=True, optimize=0)
    return bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False)


def add(archive, name, content):
    method = zipfile.ZIP_STORED if AT_START.search(name) else zipfile.ZIP_DEFLATED
    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, method, 9)


def pack(output, home, modules, others={}):
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in others.items():
            add(archive, name, content)
        for name in sorted(modules):
            add(archive, re.sub(r"\.py$", ".pyc", name), compiled(modules[name], name, f"{home}/{name}"))
    print(f"{output}: {len(modules)} modules, {pathlib.Path(output).stat().st_size / 1e6:.2f} MB")


def directory_of(path):
    content = pathlib.Path(path).read_bytes()
    with zipfile.ZipFile(path) as archive:
        return content[archive.start_dir:-END_BYTES]


def pack_sources(output, modules, order):
    with zipfile.ZipFile(output, "w") as archive:
        for name in sorted(modules):
            add(archive, name, source_of(modules[name], name))
    print(f"{output}: {pathlib.Path(output).stat().st_size / 1e6:.2f} MB")
    numbers = [zlib.crc32(directory_of(output)), *(len(source_of(modules[name], name)) for name in order)]
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def main(lib, sysconfigdata, extra, home, first, rest, sources, zones):
    modules = {}
    for folder in (pathlib.Path(lib), pathlib.Path(extra)):
        for path in folder.rglob("*.py"):
            name = path.relative_to(folder).as_posix()
            if not LEFT_OUT.search(name):
                modules[name] = path
    modules[pathlib.Path(sysconfigdata).name] = pathlib.Path(sysconfigdata)
    in_rest = {name: path for name, path in modules.items() if IN_REST.search(name)}
    in_first = {name: path for name, path in modules.items() if name not in in_rest}
    zones = pathlib.Path(zones)
    pack(rest, home, in_rest, {ZONE_FILES: (zones / ZONE_FILES).read_bytes()})
    sources_list = pack_sources(sources, modules, [*sorted(in_first), *sorted(in_rest)])
    heads = {
        BUILD_ID: bytes(ID_SIZE),
        LATER_DIRECTORY: directory_of(rest),
        SOURCES_LIST: sources_list,
        ZONE_LIST: (zones / ZONE_LIST).read_bytes(),
    }
    pack(first, home, in_first, heads)


if __name__ == "__main__":
    main(*sys.argv[1:])

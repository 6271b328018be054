"""Gives the files of one build their build id, and lists them with their checksums."""
# SPDX-License-Identifier: MIT
#
# usage: stamp-build.py PROGRAM ARCHIVES DIST
#   PROGRAM   folder with python.mjs and python.wasm as they were linked
#   ARCHIVES  folder with stdlib.zip, stdlib-rest.zip and stdlib-sources.zip
#   DIST      where they go, with the id in them, and manifest.json
#
# The id is made of the five files' bytes, so equal builds have equal ids. It is
#   in python.mjs   createPython.buildId
#   in python.wasm  the custom section "build_id", the last one: its size in bytes, then the text
#   in stdlib.zip   the entry "build.id", the first one, stored
# The other two archives are known by what stdlib.zip holds of their directories.

import hashlib
import json
import pathlib
import shutil
import struct
import sys
import zlib

NAMES = ("python.mjs", "python.wasm", "stdlib.zip", "stdlib-rest.zip", "stdlib-sources.zip")
ID_SIZE = 32
SECTION = b"build_id"
ENTRY = b"build.id"
HEADER_SIZE, DIRECTORY_ENTRY_SIZE, END_SIZE = 30, 46, 22


def sized(content):
    """A vector of bytes in the wasm format, of less than 128."""
    return bytes([len(content)]) + content


def stamp_wasm(content, build):
    return content + b"\0" + sized(sized(SECTION) + sized(build))


def stamp_glue(content, build):
    return content + b"createPython.buildId=" + json.dumps(build.decode()).encode() + b";\n"


def stamp_archive(content, build):
    content = bytearray(content)
    start = HEADER_SIZE + len(ENTRY)
    if content[HEADER_SIZE:start] != ENTRY or content[start:start + ID_SIZE] != bytes(ID_SIZE):
        raise SystemExit(f"stamp-build.py: stdlib.zip does not begin with an empty entry {ENTRY.decode()!r}")
    content[start:start + ID_SIZE] = build
    checksum = struct.pack("<I", zlib.crc32(build))
    (directory,) = struct.unpack_from("<I", content, len(content) - END_SIZE + 16)
    content[14:18] = checksum
    content[directory + 16:directory + 20] = checksum
    return bytes(content)


STAMPS = {"python.mjs": stamp_glue, "python.wasm": stamp_wasm, "stdlib.zip": stamp_archive}


def main(program, archives, dist):
    dist = pathlib.Path(dist)
    dist.mkdir(parents=True, exist_ok=True)
    sources = {name: pathlib.Path(archives if name.endswith(".zip") else program) / name for name in NAMES}
    contents = {name: path.read_bytes() for name, path in sources.items()}
    checksums = [hashlib.sha256(content).digest() for content in contents.values()]
    build = hashlib.sha256(b"".join(checksums)).hexdigest()[:ID_SIZE].encode()
    files = {}
    for name, content in contents.items():
        stamped = STAMPS.get(name, lambda content, _: content)(content, build)
        # Whoever reads the old one goes on, and a link is not written through.
        new = dist / f"{name}.new"
        new.write_bytes(stamped)
        shutil.copymode(sources[name], new)
        new.replace(dist / name)
        files[name] = {"size": len(stamped), "sha256": hashlib.sha256(stamped).hexdigest()}
    manifest = {"build": build.decode(), "files": files}
    (dist / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"build {build.decode()}")


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/bin/sh
# Configures and compiles CPython for wasm32-emscripten, unpatched, once for each machine.
# SPDX-License-Identifier: MIT
#
# usage (inside the toolchain): build-cpython.sh SOURCES DEPS CONFIG BUILD
#   SOURCES  folder with the unpacked source package python3.13
#   DEPS     include/ and lib/ of zlib, bzip2, lzma, sqlite3
#   CONFIG   folder with config.site and Setup.local; foreign/ffi.h is beside it
#   BUILD    made anew: libpython3.13.a, pyconfig.h, Modules/config.c, ...
set -eu
source=$1/python3.13 deps=$2 config=$3 build=$4
rm -rf "$build"
mkdir -p "$build/Modules"
cd "$build"

export CONFIG_SITE="$config/config.site"
# A function that is called by a pointer of another type traps in wasm: see mended/README.md.
export OPT="-DNDEBUG -O3 -g0 -Wall -Werror=cast-function-type-mismatch -Werror=incompatible-function-pointer-types"
for lib in "ZLIB -lz" "BZIP2 -lbz2" "LIBLZMA -llzma" "LIBSQLITE3 -lsqlite3"; do
    name=${lib%% *}
    export "${name}_CFLAGS=-I$deps/include" "${name}_LIBS=-L$deps/lib ${lib#* }"
done

emconfigure "$source/configure" \
    --host=wasm32-unknown-emscripten --build=x86_64-pc-linux-gnu \
    --with-build-python="$(command -v python3.13)" --with-emscripten-target=node \
    --enable-wasm-pthreads --with-pymalloc --without-ensurepip --disable-ipv6 --prefix=/usr/local
# configure says no for all of Emscripten; off_t has 64 bits in this one, and files of a mount may be large.
sed -i 's|^/\* #undef HAVE_LARGEFILE_SUPPORT \*/$|#define HAVE_LARGEFILE_SUPPORT 1|' pyconfig.h
grep -q '^#define HAVE_LARGEFILE_SUPPORT 1$' pyconfig.h
cp "$config/Setup.local" Modules/Setup.local
cp "$config/../foreign/ffi.h" . # for _ctypes
emmake make -j"$(nproc)" libpython3.13.a
# sysconfig's data for this build; the standard library's archive takes it along.
emmake make pybuilddir.txt

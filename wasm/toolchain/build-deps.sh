#!/bin/sh
# Compiles the C libraries that CPython's extension modules need, once for each machine.
# SPDX-License-Identifier: MIT
#
# usage (inside the toolchain): build-deps.sh SOURCES PREFIX
#   SOURCES  folder with the unpacked source packages zlib, bzip2, xz-utils, sqlite3
#   PREFIX   where include/ and lib/ go; made anew
#
# Their own build systems mostly test for things that are known here, so each library is compiled
# from its list of files: 30 seconds instead of several minutes.
set -eu
sources=$1
prefix=$2
work=$prefix.work
rm -rf "$prefix" "$work"
mkdir -p "$prefix/include" "$prefix/lib" "$work"
cflags="-O2 -g0 -pthread -DNDEBUG"
jobs=$(nproc)

# compile NAME FLAGS FILES...: lib/libNAME.a from FILES.
compile() {
    name=$1 flags=$2
    shift 2
    echo "  lib$name ($# files)"
    mkdir -p "$work/$name"
    # -P: emcc takes a fifth of a second to start, so keep all cores busy.
    printf '%s\n' "$@" | xargs -P "$jobs" -I{} sh -c \
        'o=$(printf %s "{}" | tr / _).o; emcc '"$cflags $flags"' -c "{}" -o "'"$work/$name"'/${o##*'"$name"'-src_}"'
    emar rcs "$prefix/lib/lib$name.a" "$work/$name"/*.o
}

cd "$sources"/zlib
compile z "-DHAVE_UNISTD_H" adler32.c compress.c crc32.c deflate.c infback.c inffast.c inflate.c \
    inftrees.c trees.c uncompr.c zutil.c
cp zlib.h zconf.h "$prefix/include"

cd "$sources"/bzip2
compile bz2 "-D_FILE_OFFSET_BITS=64" blocksort.c huffman.c crctable.c randtable.c compress.c \
    decompress.c bzlib.c
cp bzlib.h "$prefix/include"

# liblzma without its multi-threaded coder, which CPython does not use.
cd "$sources"/xz-utils/src
cat > "$work/config.h" <<'EOF'
#define ASSUME_RAM 128
#define HAVE_CHECK_CRC32 1
#define HAVE_CHECK_CRC64 1
#define HAVE_CHECK_SHA256 1
#define HAVE_CLOCK_MONOTONIC 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_DECODERS 1
#define HAVE_DECODER_ARM 1
#define HAVE_DECODER_ARM64 1
#define HAVE_DECODER_ARMTHUMB 1
#define HAVE_DECODER_DELTA 1
#define HAVE_DECODER_IA64 1
#define HAVE_DECODER_LZMA1 1
#define HAVE_DECODER_LZMA2 1
#define HAVE_DECODER_POWERPC 1
#define HAVE_DECODER_RISCV 1
#define HAVE_DECODER_SPARC 1
#define HAVE_DECODER_X86 1
#define HAVE_ENCODERS 1
#define HAVE_ENCODER_ARM 1
#define HAVE_ENCODER_ARM64 1
#define HAVE_ENCODER_ARMTHUMB 1
#define HAVE_ENCODER_DELTA 1
#define HAVE_ENCODER_IA64 1
#define HAVE_ENCODER_LZMA1 1
#define HAVE_ENCODER_LZMA2 1
#define HAVE_ENCODER_POWERPC 1
#define HAVE_ENCODER_RISCV 1
#define HAVE_ENCODER_SPARC 1
#define HAVE_ENCODER_X86 1
#define HAVE_INTTYPES_H 1
#define HAVE_LZIP_DECODER 1
#define HAVE_MF_BT2 1
#define HAVE_MF_BT3 1
#define HAVE_MF_BT4 1
#define HAVE_MF_HC3 1
#define HAVE_MF_HC4 1
#define HAVE_STDBOOL_H 1
#define HAVE_STDINT_H 1
#define HAVE_VISIBILITY 0
#define HAVE__BOOL 1
#define HAVE___BUILTIN_BSWAPXX 1
#define PACKAGE "xz"
#define PACKAGE_BUGREPORT "none"
#define PACKAGE_NAME "XZ Utils"
#define PACKAGE_URL "none"
#define SIZEOF_SIZE_T 4
#define TUKLIB_SYMBOL_PREFIX lzma_
EOF
inc="-DHAVE_CONFIG_H -I$work -Icommon -Iliblzma/api"
for d in common check lz rangecoder lzma delta simple; do inc="$inc -Iliblzma/$d"; done
compile lzma "$inc" \
    $(ls common/tuklib_physmem.c liblzma/*/*.c |
        grep -v -E '_tablegen\.c|_mt\.c|outqueue\.c|crc(32|64)_(small|x86)|consts_gen\.c|hardware_cputhreads')
cp -r liblzma/api/lzma.h liblzma/api/lzma "$prefix/include"

# sqlite3: its amalgamation is made by its own makefile, with a native compiler and tclsh.
mkdir -p "$work/sqlite3-amalgamation"
cd "$work/sqlite3-amalgamation"
CC=clang-19 "$sources"/sqlite3/configure --disable-tcl --disable-readline > configure.log 2>&1
make sqlite3.c > make.log 2>&1
compile sqlite3 "-DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_RTREE \
    -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DESERIALIZE \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_MAX_MMAP_SIZE=0 -DHAVE_USLEEP=1" sqlite3.c
cp sqlite3.h sqlite3ext.h "$prefix/include"
rm -rf "$work"

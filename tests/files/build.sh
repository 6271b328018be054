#!/bin/sh
# Builds the console and file tests into the folder $1, from the project's root, with em++ 3.1.69.
# SPDX-License-Identifier: MIT
set -eu
out=$1
mkdir -p "$out"
emscripten=$(dirname "$(readlink -f "$(command -v em++)")")
flags="-std=c++20 -O2 -g1 -pthread -fno-exceptions -fno-rtti -Wall -Wextra
  -Iwasm -Iwasm/console -Iruntime/include
  -isystem $emscripten/system/lib/wasmfs
  -isystem $emscripten/system/lib/libc/musl/arch/emscripten"

objects=
for source in wasm/console/*.cpp wasm/files/*.cpp tests/files/*.cpp; do
  object=$out/$(echo "$source" | tr / _).o
  # shellcheck disable=SC2086
  [ "$object" -nt "$source" ] || em++ $flags -c "$source" -o "$object"
  objects="$objects $object"
done
for source in runtime/src/*.cpp runtime/platform/emscripten/*.cpp; do
  object=$out/$(echo "$source" | tr / _).o
  # shellcheck disable=SC2086
  [ "$object" -nt "$source" ] || em++ $flags -Iruntime/src -Iruntime/platform -c "$source" -o "$object"
  objects="$objects $object"
done

# shellcheck disable=SC2086
em++ -O1 -g1 -pthread $objects -o "$out/files_test.mjs" @wasm/files/wrapped_symbols.rsp \
  --js-library wasm/host/imports.js \
  -sWASMFS -sMODULARIZE -sEXPORT_ES6 -sPROXY_TO_PTHREAD -sEXIT_RUNTIME -sPTHREAD_POOL_SIZE=6 \
  -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sINCOMING_MODULE_JS_API=arguments,onExit,onRuntimeInitialized \
  -sEXPORTED_FUNCTIONS=_main,_malloc,_free \
  -sEXPORTED_RUNTIME_METHODS=HEAPU8,HEAPU32,UTF8ToString,stringToNewUTF8

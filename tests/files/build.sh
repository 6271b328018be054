#!/bin/sh
# Builds the console and file tests into the folder $1, with the compiled libraries in $2; run it in the project's root.
# SPDX-License-Identifier: MIT
set -eu
out=$1
libraries=$2
mkdir -p "$out"
emscripten=$(dirname "$(readlink -f "$(command -v em++)")")
flags="-std=c++20 -O2 -g1 -pthread -fno-exceptions -fno-rtti -Wall -Wextra -Wconversion -Werror
  -Iwasm -Iruntime/include -isystem $libraries/include
  -isystem $emscripten/system/lib/wasmfs
  -isystem $emscripten/system/lib/libc/musl/arch/emscripten"
headers=$(find wasm runtime tests/files -name '*.h')

# is_current FILE INPUT...: whether the file is there and newer than each input.
is_current() {
  file=$1
  shift
  for input; do [ "$file" -nt "$input" ] || return 1; done
}

objects=
# compile SOURCE FLAG...: unless its object is there and current.
compile() {
  source=$1
  shift
  object=$out/$(echo "$source" | tr / _).o
  objects="$objects $object"
  # shellcheck disable=SC2086
  is_current "$object" "$source" $headers "$0" || em++ $flags "$@" -c "$source" -o "$object"
}

for source in wasm/streams/*.cpp wasm/console/*.cpp wasm/time/*.cpp wasm/files/*.cpp tests/files/*.cpp; do
  compile "$source"
done
for source in runtime/src/*/*.cpp runtime/platform/emscripten/*.cpp; do
  compile "$source" -Iruntime/src
done

program=$out/files_test.mjs
library=wasm/host/imports.js
layout=js/src/module/host-layout.js
boundary=$(find js/src/host -name '*.js')
wrapped=wasm/wrapped_symbols.rsp
# shellcheck disable=SC2086
is_current "$program" $objects "$library" $boundary "$layout" "$wrapped" && exit
# shellcheck disable=SC2086
em++ -O1 -g1 -pthread $objects "$libraries/lib/libz.a" -o "$program" "@$wrapped" \
  --js-library "$library" \
  -sWASMFS -sMODULARIZE -sEXPORT_ES6 -sPROXY_TO_PTHREAD -sEXIT_RUNTIME -sPTHREAD_POOL_SIZE=6 \
  -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sINCOMING_MODULE_JS_API=arguments,onExit \
  -sEXPORTED_FUNCTIONS=_main,_malloc,_free \
  -sEXPORTED_RUNTIME_METHODS=HEAPU8,HEAPU32,UTF8ToString,stringToNewUTF8

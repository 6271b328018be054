# Toolchain: clang-19 for wasm32-wasip1-threads with Debian's wasi-libc and libc++.
# SPDX-License-Identifier: MIT
#
# Debian's wasi-libc has no pthreads; the core does not need them. The C library is then not safe to
# use from several threads at once: see runtime/platform/wasi/platform.cpp.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_ASM_COMPILER clang-19)
set(CMAKE_AR llvm-ar-19)
set(CMAKE_RANLIB llvm-ranlib-19)
foreach(language C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET wasm32-wasip1-threads)
  set(CMAKE_${language}_FLAGS_INIT "-matomics -mbulk-memory")
endforeach()
# Debian keeps headers and libraries under wasm32-wasi only, where clang does not look for this target.
string(APPEND CMAKE_CXX_FLAGS_INIT " -isystem /usr/include/wasm32-wasi/c++/v1")
string(APPEND CMAKE_C_FLAGS_INIT " -isystem /usr/include/wasm32-wasi")
string(APPEND CMAKE_CXX_FLAGS_INIT " -isystem /usr/include/wasm32-wasi")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# Toolchain: clang for wasm32-wasip1-threads, with the wasi-sdk that WASI_SDK_PATH names, else Debian's.
# SPDX-License-Identifier: MIT
#
# Debian's wasi-libc has no pthreads; the core does not need them. The C library is then not safe to
# use from several threads at once: see runtime/platform/wasi/platform.cpp.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(HEDDLE_WASI_SDK "$ENV{WASI_SDK_PATH}")
if(HEDDLE_WASI_SDK)
  set(bin ${HEDDLE_WASI_SDK}/bin/)
  set(CMAKE_SYSROOT ${HEDDLE_WASI_SDK}/share/wasi-sysroot)
else()
  set(version -19)
endif()
set(CMAKE_C_COMPILER ${bin}clang${version})
set(CMAKE_CXX_COMPILER ${bin}clang++${version})
set(CMAKE_ASM_COMPILER ${bin}clang${version})
set(CMAKE_AR ${bin}llvm-ar${version})
set(CMAKE_RANLIB ${bin}llvm-ranlib${version})
foreach(language C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET wasm32-wasip1-threads)
  set(CMAKE_${language}_FLAGS_INIT "-matomics -mbulk-memory")
endforeach()
if(HEDDLE_WASI_SDK)
  foreach(language C CXX ASM)
    string(APPEND CMAKE_${language}_FLAGS_INIT " -pthread")
  endforeach()
else()
  # Debian keeps headers and libraries under wasm32-wasi only, where clang does not look for this target.
  string(APPEND CMAKE_CXX_FLAGS_INIT " -isystem /usr/include/wasm32-wasi/c++/v1")
  string(APPEND CMAKE_C_FLAGS_INIT " -isystem /usr/include/wasm32-wasi")
  string(APPEND CMAKE_CXX_FLAGS_INIT " -isystem /usr/include/wasm32-wasi")
endif()
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

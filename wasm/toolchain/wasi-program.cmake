# Linking C++ programs on the core for wasm32-wasip1-threads.
# SPDX-License-Identifier: MIT

# Adds the executable <name>.wasm, whose memory may grow to so many MiB.
function(heddle_add_wasi_program name max_mib)
  math(EXPR max_bytes "${max_mib} << 20")
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES SUFFIX .wasm)
  target_compile_options(${name} PRIVATE -fno-exceptions -fno-rtti)
  target_link_libraries(${name} PRIVATE heddle_runtime heddle_warnings)
  target_link_options(${name} PRIVATE
    -Wl,--import-memory,--export-memory,--shared-memory,--initial-memory=2097152,--max-memory=${max_bytes})
  if(HEDDLE_WASI_SDK)
    return() # its clang finds its own libraries
  endif()
  # By hand: clang looks for Debian's libraries in another place.
  set(sysroot /usr/lib/wasm32-wasi)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-resource-dir OUTPUT_VARIABLE resources OUTPUT_STRIP_TRAILING_WHITESPACE)
  target_link_options(${name} PRIVATE
    -nostdlib ${sysroot}/crt1-command.o
    # Its objects do not claim to be made for threads, and are not; the core does not use them from several at once.
    -Wl,--no-check-features)
  target_link_libraries(${name} PRIVATE ${sysroot}/libc.a ${resources}/lib/wasi/libclang_rt.builtins-wasm32.a)
endfunction()

// Imports: handing one function to the linker.
// SPDX-License-Identifier: MIT
#include "imports.h"

#include <cstring>

#include "errors.h"

namespace heddle::host {

void Imports::define(const char* module, const char* name, wasm_functype_t* type,
                     Callback callback) {
    check(wasmtime_linker_define_func_unchecked(linker_, module, strlen(module), name, strlen(name),
                                                type, callback, /*data=*/nullptr,
                                                /*finalizer=*/nullptr),
          std::string("define the import ") + name);
}

}  // namespace heddle::host

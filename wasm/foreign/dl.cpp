// dlopen, at the linker's --wrap: this program itself can be opened; libraries, and functions by name, are not there.
// SPDX-License-Identifier: MIT

namespace {

thread_local const char* t_error = nullptr;

void* failed(const char* error) {
    t_error = error;
    return nullptr;
}

}  // namespace

extern "C" {

void* __wrap_dlopen(const char* path, int) {
    static char self;
    if (path == nullptr) return &self;
    return failed(
        "shared libraries cannot be loaded in WebAssembly yet: Heddle has no foreign functions");
}

void* __wrap_dlsym(void*, const char*) {
    return failed("symbol not found: Heddle has no foreign functions yet");
}

int __wrap_dlclose(void*) { return 0; }

char* __wrap_dlerror() {
    const char* error = t_error;
    t_error = nullptr;
    return const_cast<char*>(error);
}

}  // extern "C"

// Module cache: reading, checking, writing.
// SPDX-License-Identifier: MIT
#include "module_cache.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "content_hash.h"
#include "errors.h"
#include "mapped_file.h"

namespace heddle::host {
namespace {

namespace fs = std::filesystem;

// A module is some 40 MB; builds for tests and older versions share the folder.
constexpr size_t kModulesKept = 6;
// A signal may end the process while it writes. A part that is this old is written no more.
constexpr std::chrono::hours kPartsKept{1};

}  // namespace

std::string ModuleCache::path(const std::string& key, const char* ending) const {
    return folder_ + "/" + key + ending;
}

wasmtime_module* ModuleCache::find(wasm_engine_t* engine, const std::string& key) const {
    if (folder_.empty()) return nullptr;
    const std::string code_path = path(key, ".cwasm");
    {
        const MappedFile code(code_path);
        const MappedFile sum(path(key, ".sum"));
        if (!code.ok() || !sum.ok()) return nullptr;
        const std::string expected(reinterpret_cast<const char*>(sum.data()), sum.size());
        if (content_hash(code.data(), code.size(), key) != expected) return nullptr;
    }
    wasmtime_module* module = nullptr;
    wasmtime_error* error = wasmtime_module_deserialize_file(engine, code_path.c_str(), &module);
    if (error == nullptr) return module;
    wasmtime_error_delete(error);
    return nullptr;
}

void ModuleCache::store(wasmtime_module* module, const std::string& key) const {
    if (folder_.empty()) return;
    std::error_code failed;
    fs::create_directories(folder_, failed);
    wasm_byte_vec_t code;
    check(wasmtime_module_serialize(module, &code), "store the compiled module");
    const std::string sum = content_hash(code.data, code.size, key);
    // The sum last: until it fits, the code counts as damaged.
    write(path(key, ".cwasm"), code.data, code.size);
    write(path(key, ".sum"), reinterpret_cast<const uint8_t*>(sum.data()), sum.size());
    wasm_byte_vec_delete(&code);
    remove_oldest();
}

void ModuleCache::write(const std::string& path, const uint8_t* data, size_t size) const {
    const std::string part = path + "." + std::to_string(getpid()) + ".part";
    FILE* file = fopen(part.c_str(), "wbe");
    if (file == nullptr) return;
    const bool complete = fwrite(data, 1, size, file) == size;
    if (fclose(file) == 0 && complete && rename(part.c_str(), path.c_str()) == 0) return;
    unlink(part.c_str());
}

void ModuleCache::remove_oldest() const {
    std::error_code failed;
    std::vector<std::pair<fs::file_time_type, fs::path>> modules;
    for (const auto& entry : fs::directory_iterator(folder_, failed)) {
        const auto time = entry.last_write_time(failed);
        const auto ending = entry.path().extension();
        if (ending == ".cwasm") modules.emplace_back(time, entry.path());
        if (ending == ".part" && time < fs::file_time_type::clock::now() - kPartsKept) {
            fs::remove(entry.path(), failed);
        }
    }
    if (modules.size() <= kModulesKept) return;
    std::sort(modules.begin(), modules.end());
    modules.resize(modules.size() - kModulesKept);
    for (auto& [time, path] : modules) {
        fs::remove(path, failed);
        fs::remove(path.replace_extension(".sum"), failed);
    }
}

}  // namespace heddle::host

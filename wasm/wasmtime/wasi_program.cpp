// WASI program: grants, instances, threads.
// SPDX-License-Identifier: MIT
#include "wasi_program.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

#include "engine.h"
#include "errors.h"
#include "instance.h"
#include "proc_folders.h"
#include "shared_memory.h"

namespace heddle::host {
namespace {

constexpr int32_t kFailed = -1;                // of thread-spawn
constexpr int32_t kLastThreadId = 0x1fffffff;  // as wasi-threads has it
constexpr uint8_t kI32 = 0;

// What all threads share. Never destroyed: threads use it until the process ends.
struct WasiProgram {
    const Options& options;
    Engine engine;
    wasmtime_module* module = nullptr;
    wasmtime_sharedmemory* memory = nullptr;
    wasmtime_instance_pre* instance_pre = nullptr;
    std::atomic<int32_t> last_thread_id{0};
    std::atomic<uint32_t> threads{0};  // that run, beside the main one

    explicit WasiProgram(const Options& options) : options(options) {}
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    return pointers;
}

// What the command line grants, for one store: streams, arguments, variables, folders.
wasi_config_t* grants(const Options& options) {
    wasi_config_t* config = wasi_config_new();
    std::vector<std::string> arguments = options.python_args;
    arguments.insert(arguments.begin(), options.wasi);
    wasi_config_set_argv(config, arguments.size(), pointers(arguments).data());
    std::vector<std::string> names, values;
    for (const std::string& variable : options.environment) {
        const size_t equals = std::min(variable.find('='), variable.size());
        names.push_back(variable.substr(0, equals));
        values.push_back(variable.substr(std::min(equals + 1, variable.size())));
    }
    wasi_config_set_env(config, names.size(), pointers(names).data(), pointers(values).data());
    wasi_config_inherit_stdin(config);
    wasi_config_inherit_stdout(config);
    wasi_config_inherit_stderr(config);
    for (const auto& [folder, path] : options.mounts) {
        refuse_proc_folder(folder);
        if (!wasi_config_preopen_dir(config, folder.c_str(), path.c_str(), /*writable=*/true)) {
            give_up("cannot mount " + folder);
        }
    }
    return config;
}

std::shared_ptr<Instance> make_instance(const WasiProgram& program) {
    const auto prepare = [&program](wasmtime_context* context) {
        return wasmtime_context_set_wasi(context, grants(program.options));
    };
    return std::make_shared<Instance>(program.engine.handle(), program.instance_pre, prepare);
}

// What a thread does when it comes back; exit and a fault end the process.
void settle(const Outcome& outcome) {
    if (outcome.end == Outcome::End::exited) _exit(outcome.value.i32);
    if (outcome.end == Outcome::End::returned) return;
    give_up("fatal: a thread crashed: " + outcome.reason, kExitCrash);
}

// A thread with an instance of its own. Its number, or kFailed.
int32_t start_instance(WasiProgram& program, int32_t argument) {
    const int32_t id = ++program.last_thread_id;
    if (id > kLastThreadId) return kFailed;
    const std::shared_ptr<Instance> instance = make_instance(program);
    if (!instance->error().empty()) return kFailed;
    const int error = start_native_thread([&program, instance, id, argument] {
        settle(instance->call("wasi_thread_start", id, argument));
        program.threads--;
    });
    return error == 0 ? id : kFailed;
}

int32_t spawn_thread(WasiProgram& program, int32_t argument) {
    const uint32_t wanted = program.options.max_threads;
    const uint32_t most = wanted != 0 ? wanted : kDefaultMaxThreads;
    if (program.threads++ < most) {
        const int32_t id = start_instance(program, argument);
        if (id != kFailed) return id;
    }
    program.threads--;
    return kFailed;
}

uint64_t spawn_thread_import(void* program, wasmtime_caller*, wasmtime_val_raw* values, uint64_t) {
    values[0].i32 = spawn_thread(*static_cast<WasiProgram*>(program), values[0].i32);
    return 0;
}

// The memory that the module imports, as large as it may become within the limit.
wasmtime_sharedmemory* make_memory(const WasiProgram& program) {
    wasm_importtype_vec_t imports;
    wasmtime_module_imports(program.module, &imports);
    wasmtime_sharedmemory* memory = nullptr;
    for (size_t i = 0; i < imports.size && memory == nullptr; i++) {
        wasm_memorytype_t* wanted = wasm_externtype_as_memorytype(
            const_cast<wasm_externtype_t*>(wasm_importtype_type(imports.data[i])));
        uint64_t most = 0;
        if (wanted == nullptr || !wasmtime_memorytype_maximum(wanted, &most)) continue;
        most = std::min(most, program.options.max_memory / kPageBytes);
        memory =
            make_shared_memory(program.engine.handle(), wasmtime_memorytype_minimum(wanted), most);
    }
    wasm_importtype_vec_delete(&imports);
    if (memory != nullptr) return memory;
    give_up(program.options.wasi +
            " imports no shared memory: link it with --import-memory and --shared-memory.");
}

void link(WasiProgram& program) {
    wasmtime_linker* linker = wasmtime_linker_new(program.engine.handle());
    check(wasmtime_linker_define_wasi(linker), "define WASI");
    define_memory(linker, program.engine.handle(), program.memory);
    wasm_valtype_vec_t parameters, results;
    wasm_valtype_t *parameter = wasm_valtype_new(kI32), *result = wasm_valtype_new(kI32);
    wasm_valtype_vec_new(&parameters, 1, &parameter);
    wasm_valtype_vec_new(&results, 1, &result);
    wasm_functype_t* type = wasm_functype_new(&parameters, &results);
    check(wasmtime_linker_define_func_unchecked(linker, "wasi", 4, "thread-spawn", 12, type,
                                                spawn_thread_import, &program, nullptr),
          "define thread-spawn");
    wasm_functype_delete(type);
    check(wasmtime_linker_instantiate_pre(linker, program.module, &program.instance_pre),
          "link " + program.options.wasi);
    wasmtime_linker_delete(linker);
}

}  // namespace

void run_wasi_program(const Options& options) {
    auto& program = *new WasiProgram(options);
    program.module = program.engine.load(options.wasi, options.cache);
    if (options.compile_only) _exit(0);
    program.memory = make_memory(program);
    link(program);
    const int error = start_native_thread([&program] {
        const std::shared_ptr<Instance> instance = make_instance(program);
        if (!instance->error().empty()) give_up("cannot start: " + instance->error());
        settle(instance->call("_start"));
        _exit(0);
    });
    if (error != 0) give_up(cannot_start_thread("runs the program", error));
    for (;;) pause();
}

}  // namespace heddle::host

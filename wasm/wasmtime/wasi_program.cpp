// WASI program: grants, instances, threads.
// SPDX-License-Identifier: MIT
#include "wasi_program.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "engine.h"
#include "errors.h"
#include "thread.h"

namespace heddle::host {
namespace {

constexpr uint64_t kPageBytes = 65536;
constexpr int32_t kFailed = -1;                // of thread-spawn
constexpr int32_t kLastThreadId = 0x1fffffff;  // as wasi-threads has it
constexpr uint8_t kExternFunc = 0;
constexpr uint8_t kExternSharedMemory = 4;

// What all threads share. Never destroyed: threads use it until the process ends.
struct WasiProgram {
    const Options& options;
    Engine engine;
    wasmtime_module* module = nullptr;
    wasmtime_sharedmemory* memory = nullptr;
    wasmtime_instance_pre* instance_pre = nullptr;
    std::atomic<int32_t> last_thread_id{0};

    explicit WasiProgram(const Options& options) : options(options) {}
};

// A store and an instance.
class Instance {
  public:
    explicit Instance(const WasiProgram& program)
        : store_(wasmtime_store_new(program.engine.handle(), nullptr, nullptr)) {
        grant(program.options);
        wasm_trap_t* trap = nullptr;
        if (failure_ == nullptr) {
            failure_ = wasmtime_instance_pre_instantiate(program.instance_pre, context(),
                                                         &instance_, &trap);
        }
        if (trap != nullptr) error_ = take_text(trap);
        if (failure_ != nullptr) error_ = take_text(failure_);
    }
    ~Instance() { wasmtime_store_delete(store_); }
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // Why there is none; "" if there is one.
    const std::string& error() const { return error_; }

    // Calls an export to its end. A trap or proc_exit() ends the process.
    void run(const char* name, int32_t first = 0, int32_t second = 0) {
        wasmtime_extern function;
        if (!wasmtime_instance_export_get(context(), &instance_, name, strlen(name), &function) ||
            function.kind != kExternFunc) {
            give_up(std::string("the module does not export ") + name + "()");
        }
        wasmtime_val_raw values[2] = {};
        values[0].i32 = first;
        values[1].i32 = second;
        wasm_trap_t* trap = nullptr;
        wasmtime_error* error =
            wasmtime_func_call_unchecked(context(), &function.of.func, values, 2, &trap);
        int status = 0;
        if (error != nullptr && wasmtime_error_exit_status(error, &status)) _exit(status);
        if (error == nullptr && trap == nullptr) return;
        give_up(
            "fatal: a thread crashed: " + (error != nullptr ? take_text(error) : take_text(trap)),
            kExitCrash);
    }

  private:
    wasmtime_context* context() { return wasmtime_store_context(store_); }

    void grant(const Options& options) {
        wasi_config_t* config = wasi_config_new();
        std::vector<const char*> arguments = {options.wasi.c_str()};
        for (const std::string& argument : options.python_args)
            arguments.push_back(argument.c_str());
        wasi_config_set_argv(config, arguments.size(), const_cast<char**>(arguments.data()));
        std::vector<std::string> names, values;
        for (const std::string& variable : options.environment) {
            const size_t equals = std::min(variable.find('='), variable.size());
            names.push_back(variable.substr(0, equals));
            values.push_back(variable.substr(std::min(equals + 1, variable.size())));
        }
        std::vector<char*> name_texts, value_texts;
        for (std::string& name : names) name_texts.push_back(name.data());
        for (std::string& value : values) value_texts.push_back(value.data());
        wasi_config_set_env(config, names.size(), name_texts.data(), value_texts.data());
        wasi_config_inherit_stdin(config);
        wasi_config_inherit_stdout(config);
        wasi_config_inherit_stderr(config);
        for (const std::string& folder : options.mounts) {
            if (!wasi_config_preopen_dir(config, folder.c_str(), folder.c_str(),
                                         /*writable=*/true)) {
                give_up("cannot mount " + folder);
            }
        }
        failure_ = wasmtime_context_set_wasi(context(), config);
    }

    wasmtime_store* store_;
    wasmtime_instance instance_{};
    wasmtime_error* failure_ = nullptr;
    std::string error_;
};

int32_t spawn_thread(WasiProgram& program, int32_t argument) {
    const int32_t id = ++program.last_thread_id;
    if (id > kLastThreadId) return kFailed;
    auto instance = std::make_shared<Instance>(program);
    if (!instance->error().empty()) return kFailed;
    const int error = start_native_thread(
        [instance, id, argument] { instance->run("wasi_thread_start", id, argument); });
    return error == 0 ? id : kFailed;
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
    for (size_t i = 0; i < imports.size; i++) {
        wasm_memorytype_t* wanted = wasm_externtype_as_memorytype(
            const_cast<wasm_externtype_t*>(wasm_importtype_type(imports.data[i])));
        if (wanted == nullptr) continue;
        uint64_t most = 0;
        if (!wasmtime_memorytype_maximum(wanted, &most)) break;
        most = std::min(most, program.options.max_memory / kPageBytes);
        wasm_memorytype_t* type = nullptr;
        check(
            wasmtime_memorytype_new(wasmtime_memorytype_minimum(wanted), /*max_present=*/true, most,
                                    /*is_64=*/false, /*shared=*/true, /*page_size_log2=*/16, &type),
            "describe the memory");
        check(wasmtime_sharedmemory_new(program.engine.handle(), type, &memory), "make the memory");
        wasm_memorytype_delete(type);
    }
    wasm_importtype_vec_delete(&imports);
    if (memory == nullptr) {
        give_up(program.options.wasi +
                " imports no shared memory: link it with --import-memory and --shared-memory.");
    }
    return memory;
}

void link(WasiProgram& program) {
    wasmtime_linker* linker = wasmtime_linker_new(program.engine.handle());
    check(wasmtime_linker_define_wasi(linker), "define WASI");
    wasmtime_store* store = wasmtime_store_new(program.engine.handle(), nullptr, nullptr);
    wasmtime_extern memory{};
    memory.kind = kExternSharedMemory;
    memory.of.sharedmemory = program.memory;
    check(wasmtime_linker_define(linker, wasmtime_store_context(store), "env", 3, "memory", 6,
                                 &memory),
          "define the memory");
    wasmtime_store_delete(store);

    wasm_valtype_vec_t parameters, results;
    wasm_valtype_t *parameter = wasm_valtype_new(0), *result = wasm_valtype_new(0);
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
    program.memory = make_memory(program);
    link(program);
    const int error = start_native_thread([&program] {
        Instance instance(program);
        if (!instance.error().empty()) give_up("cannot start: " + instance.error());
        instance.run("_start");
        _exit(0);
    });
    if (error != 0) give_up(std::string("cannot start a thread: ") + strerror(error));
    if (options.timeout_s <= 0) {
        for (;;) pause();
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(options.timeout_s));
    give_up("the time limit is over", kExitTimeout);
}

}  // namespace heddle::host

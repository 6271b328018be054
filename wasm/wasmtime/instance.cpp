// Instance: calls through wasmtime's C API, and native threads for them.
// SPDX-License-Identifier: MIT
#include "instance.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine.h"
#include "errors.h"

namespace heddle::host {
namespace {

constexpr uint8_t kExternFunc = 0;
constexpr uint8_t kExternTable = 2;
constexpr uint8_t kI32 = 0, kFuncref = 5;  // kinds of values

// Beside wasm's own frames: those of the imports, of glibc, of thread-local data.
constexpr size_t kHostStackBytes = size_t{1} << 20;

// Numbers of wasmtime's trap codes.
constexpr uint8_t kDivisionOverflow = 6, kDivisionByZero = 7, kUnreachable = 9;

// 0 for a trap that an import returned. python.wasm numbers signals as this machine does.
int signal_of(wasm_trap_t* trap) {
    uint8_t code = 0;
    if (trap == nullptr || !wasmtime_trap_code(trap, &code)) return 0;
    if (code == kDivisionOverflow || code == kDivisionByZero) return SIGFPE;
    return code == kUnreachable ? SIGILL : SIGSEGV;
}

bool are_integers(const wasm_valtype_vec_t& types) {
    return std::all_of(types.data, types.data + types.size,
                       [](wasm_valtype_t* type) { return wasm_valtype_kind(type) == kI32; });
}

// Whether a function takes that many integers, and gives one or nothing.
bool takes_integers(wasmtime_context* context, wasmtime_func function, size_t count) {
    wasm_functype_t* type = wasmtime_func_type(context, &function);
    const wasm_valtype_vec_t& params = *wasm_functype_params(type);
    const wasm_valtype_vec_t& results = *wasm_functype_results(type);
    const bool does =
        params.size == count && results.size <= 1 && are_integers(params) && are_integers(results);
    wasm_functype_delete(type);
    return does;
}

Outcome crashed(std::string reason) { return {Outcome::End::crashed, {}, std::move(reason)}; }

void* run_body(void* argument) {
    const std::unique_ptr<std::function<void()>> body(
        static_cast<std::function<void()>*>(argument));
    (*body)();
    return nullptr;
}

}  // namespace

Instance::Instance(wasm_engine_t* engine, wasmtime_instance_pre* linked, const Prepare& prepare)
    : store_(wasmtime_store_new(engine, nullptr, nullptr)),
      context_(wasmtime_store_context(store_)) {
    wasmtime_error* error = prepare != nullptr ? prepare(context_) : nullptr;
    // The start function initialises the memory, by whoever comes first; it calls no import.
    wasm_trap_t* trap = nullptr;
    if (error == nullptr) {
        error = wasmtime_instance_pre_instantiate(linked, context_, &instance_, &trap);
    }
    if (error != nullptr) error_ = take_text(error);
    if (trap != nullptr) error_ = take_text(trap);
}

Outcome Instance::call_export(const char* name, wasmtime_val_raw* values, size_t count) {
    wasmtime_extern item;
    if (!wasmtime_instance_export_get(context_, &instance_, name, strlen(name), &item) ||
        item.kind != kExternFunc) {
        return crashed(std::string("the module does not export ") + name + "()");
    }
    // A WASI program's exports are of the types that it likes.
    if (!takes_integers(context_, item.of.func, count)) {
        return crashed(std::string("the module's ") + name + "() is of another type");
    }
    wasm_trap_t* trap = nullptr;
    wasmtime_error* error =
        wasmtime_func_call_unchecked(context_, &item.of.func, values, count + 1, &trap);
    return outcome_of(error, trap, values[0]);
}

Outcome Instance::call_entry(uint32_t table_index, uint32_t argument) {
    constexpr const char* kTable = "__indirect_function_table";
    wasmtime_extern item;
    wasmtime_val entry;
    if (!wasmtime_instance_export_get(context_, &instance_, kTable, strlen(kTable), &item) ||
        item.kind != kExternTable ||
        !wasmtime_table_get(context_, &item.of.table, table_index, &entry)) {
        return crashed("a thread's entry is not in the table of functions");
    }
    if (entry.kind != kFuncref || entry.of.funcref.store_id == 0) {
        return crashed("a thread's entry is no function");
    }
    // The number came out of the memory: the function may be of any type, which this call compares.
    wasmtime_val value{}, result{};
    value.kind = kI32;
    value.of.i32 = static_cast<int32_t>(argument);
    wasm_trap_t* trap = nullptr;
    wasmtime_error* error =
        wasmtime_func_call(context_, &entry.of.funcref, &value, 1, &result, 1, &trap);
    wasmtime_val_raw raw{};
    raw.i32 = result.of.i32;
    return outcome_of(error, trap, raw);
}

Outcome Instance::outcome_of(wasmtime_error* error, wasm_trap_t* trap, wasmtime_val_raw value) {
    if (error == nullptr && trap == nullptr) return {Outcome::End::returned, value, ""};
    Outcome outcome{Outcome::End::exited, {}, ""};
    const bool has_exited =
        error != nullptr && wasmtime_error_exit_status(error, &outcome.value.i32);
    outcome.signum = signal_of(trap);
    outcome.reason = error != nullptr ? take_text(error) : take_text(trap);
    if (!has_exited) outcome.end = unwound_ ? Outcome::End::unwound : Outcome::End::crashed;
    unwound_ = false;
    return outcome;
}

int start_native_thread(std::function<void()> body, Stack stack) {
    auto argument = std::make_unique<std::function<void()>>(std::move(body));
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes,
                              kHostStackBytes + (stack == Stack::wasm ? kWasmStackBytes : 0));
    pthread_t thread;
    const int error = pthread_create(&thread, &attributes, run_body, argument.get());
    pthread_attr_destroy(&attributes);
    if (error == 0) (void)argument.release();
    return error;
}

std::string cannot_start_thread(const char* does, int error) {
    return std::string("cannot start the native thread that ") + does + ": " + strerror(error);
}

}  // namespace heddle::host

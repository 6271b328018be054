// Thread: stores, instances and calls, through wasmtime's C API.
// SPDX-License-Identifier: MIT
#include "thread.h"

#include <pthread.h>

#include <cstring>

#include "engine.h"
#include "errors.h"
#include "program.h"

namespace heddle::host {
namespace {

constexpr uint8_t kExternFunc = 0;
constexpr uint8_t kExternTable = 2;

// Beside wasm's own frames: those of the imports, of glibc, of thread-local data.
constexpr size_t kHostStackBytes = size_t{1} << 20;

void* run_body(void* argument) {
    const std::unique_ptr<std::function<void()>> body(
        static_cast<std::function<void()>*>(argument));
    (*body)();
    return nullptr;
}

}  // namespace

thread_local Thread* Thread::current_ = nullptr;

std::unique_ptr<Thread> Thread::create(Program& program, std::string* error) {
    std::unique_ptr<Thread> thread(new Thread(program));
    thread->store_ = wasmtime_store_new(program.engine().handle(), nullptr, nullptr);
    thread->context_ = wasmtime_store_context(thread->store_);
    // The start function initialises the memory, by whoever comes first; it calls no import.
    wasm_trap_t* trap = nullptr;
    wasmtime_error* failure = wasmtime_instance_pre_instantiate(
        program.instance_pre(), thread->context_, &thread->instance_, &trap);
    if (failure == nullptr && trap == nullptr) return thread;
    *error = failure != nullptr ? take_text(failure) : take_text(trap);
    return nullptr;
}

Thread::~Thread() {
    if (store_ != nullptr) wasmtime_store_delete(store_);
}

Outcome Thread::call_export(const char* name, wasmtime_val_raw* values, size_t count) {
    wasmtime_extern item;
    if (!wasmtime_instance_export_get(context_, &instance_, name, strlen(name), &item) ||
        item.kind != kExternFunc) {
        return {
            Outcome::End::crashed, {}, std::string("python.wasm does not export ") + name + "()"};
    }
    return call_function(item.of.func, values, count);
}

Outcome Thread::call_entry(uint32_t table_index, uint32_t argument) {
    constexpr const char* kTable = "__indirect_function_table";
    wasmtime_extern item;
    wasmtime_val entry;
    if (!wasmtime_instance_export_get(context_, &instance_, kTable, strlen(kTable), &item) ||
        item.kind != kExternTable ||
        !wasmtime_table_get(context_, &item.of.table, table_index, &entry)) {
        return {Outcome::End::crashed, {}, "a thread's entry is not in the table of functions"};
    }
    wasmtime_val_raw values[1] = {};
    values[0].i32 = static_cast<int32_t>(argument);
    return call_function(entry.of.funcref, values, 1);
}

Outcome Thread::call_function(wasmtime_func function, wasmtime_val_raw* values, size_t count) {
    wasm_trap_t* trap = nullptr;
    wasmtime_error* error = wasmtime_func_call_unchecked(context_, &function, values, count, &trap);
    if (error == nullptr && trap == nullptr) return {Outcome::End::returned, values[0], ""};
    std::string reason = error != nullptr ? take_text(error) : take_text(trap);
    if (unwound_) {
        unwound_ = false;
        return {Outcome::End::unwound, {}, ""};
    }
    return {Outcome::End::crashed, {}, std::move(reason)};
}

int32_t Thread::must_return(const char* name, const Outcome& outcome) {
    if (outcome.end == Outcome::End::returned) return outcome.value.i32;
    program_.crash(std::string(name) + "() did not return: " + outcome.reason);
}

int start_native_thread(std::function<void()> body) {
    auto argument = std::make_unique<std::function<void()>>(std::move(body));
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, kWasmStackBytes + kHostStackBytes);
    pthread_t thread;
    const int error = pthread_create(&thread, &attributes, run_body, argument.get());
    pthread_attr_destroy(&attributes);
    if (error == 0) (void)argument.release();
    return error;
}

}  // namespace heddle::host

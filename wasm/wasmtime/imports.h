// Imports: C++ functions given to the module, with their wasm types taken from their C++ ones.
// SPDX-License-Identifier: MIT
//
// An import is a function R f(Thread& self, Args...), where R is void, int32_t, uint32_t, int64_t
// or double, and so is each of Args. It runs on the thread that calls it. It may throw GuestFault
// (the thread traps) or Unwind (the thread leaves wasm, for a reason that is no fault).
#ifndef HEDDLE_WASM_WASMTIME_IMPORTS_H_
#define HEDDLE_WASM_WASMTIME_IMPORTS_H_

#include <string>
#include <type_traits>
#include <utility>

#include "memory.h"
#include "thread.h"
#include "wasmtime_c.h"

namespace heddle::host {

// Thrown by an import: all wasm frames of the calling thread go, as with Emscripten's "unwind".
struct Unwind {};

namespace detail {

template <typename T>
constexpr uint8_t kKind = std::is_same_v<T, double> ? 3
                          : sizeof(T) == 8          ? 1
                                                    : 0;

template <typename T>
T from_raw(const wasmtime_val_raw& raw) {
    if constexpr (std::is_same_v<T, double>) return raw.f64;
    if constexpr (std::is_same_v<T, int64_t>) return raw.i64;
    return static_cast<T>(raw.i32);
}

template <typename T>
void to_raw(wasmtime_val_raw& raw, T value) {
    if constexpr (std::is_same_v<T, double>) {
        raw.f64 = value;
    } else if constexpr (std::is_same_v<T, int64_t>) {
        raw.i64 = value;
    } else {
        raw.i32 = static_cast<int32_t>(value);
    }
}

template <auto function>
struct Adapter;

template <typename R, typename... Args, R (*function)(Thread&, Args...)>
struct Adapter<function> {
    static wasm_functype_t* type() {
        wasm_valtype_vec_t params, results;
        wasm_valtype_t* param_types[] = {wasm_valtype_new(kKind<Args>)..., nullptr};
        wasm_valtype_vec_new(&params, sizeof...(Args), param_types);
        if constexpr (std::is_void_v<R>) {
            wasm_valtype_vec_new_empty(&results);
        } else {
            wasm_valtype_t* result_type = wasm_valtype_new(kKind<R>);
            wasm_valtype_vec_new(&results, 1, &result_type);
        }
        return wasm_functype_new(&params, &results);
    }

    // What wasmtime calls; 0, or a wasm_trap_t* as a number.
    static uint64_t call(void*, wasmtime_caller*, wasmtime_val_raw* values, uint64_t) {
        Thread& self = *Thread::current();
        try {
            call_with(self, values, std::index_sequence_for<Args...>());
            return 0;
        } catch (const Unwind&) {
            self.mark_unwound();
            return trap("unwind");
        } catch (const GuestFault& fault) {
            return trap(fault.what());
        } catch (const std::bad_alloc&) {
            return trap("the host is out of memory");
        }
    }

  private:
    template <size_t... i>
    static void call_with(Thread& self, wasmtime_val_raw* values, std::index_sequence<i...>) {
        if constexpr (std::is_void_v<R>) {
            function(self, from_raw<Args>(values[i])...);
        } else {
            to_raw(values[0], function(self, from_raw<Args>(values[i])...));
        }
    }

    static uint64_t trap(const std::string& text) {
        return reinterpret_cast<uint64_t>(wasmtime_trap_new(text.data(), text.size()));
    }
};

}  // namespace detail

// A linker under construction.
class Imports {
  public:
    explicit Imports(wasmtime_linker* linker) : linker_(linker) {}

    template <auto function>
    void add(const char* name, const char* module = "env") {
        using Adapter = detail::Adapter<function>;
        wasm_functype_t* type = Adapter::type();
        define(module, name, type, &Adapter::call);
        wasm_functype_delete(type);
    }

  private:
    using Callback = uint64_t (*)(void*, wasmtime_caller*, wasmtime_val_raw*, uint64_t);
    void define(const char* module, const char* name, wasm_functype_t* type, Callback callback);

    wasmtime_linker* linker_;
};

// Each in the file of its name.
void add_environment_imports(Imports& imports);
void add_file_imports(Imports& imports);
void add_process_imports(Imports& imports);
void add_thread_imports(Imports& imports);
void add_time_imports(Imports& imports);
void add_unused_imports(Imports& imports);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_IMPORTS_H_

// Errors: texts of wasmtime's errors and traps.
// SPDX-License-Identifier: MIT
#include "errors.h"

#include <unistd.h>

#include <cstdio>

namespace heddle::host {
namespace {

// Wasm frames that a message shows.
constexpr size_t kFramesShown = 16;

std::string text_of(const wasm_byte_vec_t& bytes) {
    std::string text(reinterpret_cast<const char*>(bytes.data), bytes.size);
    while (!text.empty() && (text.back() == '\0' || text.back() == '\n')) text.pop_back();
    return text;
}

std::string take_bytes(wasm_byte_vec_t& bytes) {
    std::string text = text_of(bytes);
    wasm_byte_vec_delete(&bytes);
    return text;
}

std::string trace_of(wasm_trap_t* trap) {
    std::string text;
    wasm_frame_vec_t frames;
    wasm_trap_trace(trap, &frames);
    for (size_t i = 0; i < frames.size && i < kFramesShown; i++) {
        const wasm_byte_vec_t* name = wasmtime_frame_func_name(frames.data[i]);
        text += "\n    at ";
        text += name != nullptr
                    ? text_of(*name)
                    : "function " + std::to_string(wasm_frame_func_index(frames.data[i]));
    }
    if (frames.size > kFramesShown) {
        text += "\n    and " + std::to_string(frames.size - kFramesShown) + " more";
    }
    wasm_frame_vec_delete(&frames);
    return text;
}

}  // namespace

std::string take_text(wasmtime_error* error) {
    wasm_byte_vec_t message;
    wasmtime_error_message(error, &message);
    wasmtime_error_delete(error);
    return take_bytes(message);
}

std::string take_text(wasm_trap_t* trap) {
    wasm_byte_vec_t message;
    wasm_trap_message(trap, &message);
    std::string text = take_bytes(message);
    // The message goes on with a trace of its own, for people who have the source at hand.
    const size_t reason = text.rfind("wasm trap: ");
    if (reason != std::string::npos) text = text.substr(reason + 11);
    text += trace_of(trap);
    wasm_trap_delete(trap);
    return text;
}

void give_up(const std::string& text, int exit_code) {
    fprintf(stderr, "heddle: %s\n", text.c_str());
    fflush(stderr);
    _exit(exit_code);
}

void check(wasmtime_error* error, const std::string& what) {
    if (error != nullptr) give_up("wasmtime cannot " + what + ": " + take_text(error));
}

}  // namespace heddle::host

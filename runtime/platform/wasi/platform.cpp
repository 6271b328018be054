// Platform: the wasi-threads proposal (wasm32-wasip1-threads), without a libc's help.
// SPDX-License-Identifier: MIT
//
// The host's import wasi.thread-spawn makes a new instance of the module over the same memory and
// calls its export wasi_thread_start(thread id, start argument): see thread_start.S. The new
// instance has no stack and no thread-local storage of its own yet; both come from a block that the
// spawner prepared. Blocks are taken from the end of memory and reused, never given back.
//
// There is no way to end a thread from the depth of its stack: exit_thread() sleeps forever.
#include "base/platform.h"

#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "heddle/futex.h"
#include "heddle/timespec.h"
#include "park/word_lock.h"

namespace {

constexpr size_t kMemoryPageBytes = 65536;
constexpr size_t kStackAlign = 16;

// At the start of each block. thread_start.S knows the first two fields.
struct Block {
    void* stack_top;                // set before the thread starts
    std::atomic<uint32_t> is_free;  // cleared under g_blocks_lock, set by thread_start.S at the end
    size_t bytes;                   // of the block; never changes
    size_t stack_bytes;             // set before the thread starts
    uintptr_t start_arg;            // set before the thread starts
    void* tls;                      // set before the thread starts
    Block* next;                    // never changes once the block is listed
};
static_assert(offsetof(Block, stack_top) == 0);
static_assert(offsetof(Block, is_free) == 4);

heddle::WordLock g_blocks_lock;
Block* g_blocks HEDDLE_GUARDED_BY(g_blocks_lock) = nullptr;

constinit thread_local size_t t_stack_bytes = 0;
constinit thread_local uintptr_t t_token = 0;

size_t align_up(size_t value, size_t alignment) {
    return (value + alignment - 1) & ~(alignment - 1);
}

// Fresh memory from the end of the linear memory; growing it is atomic.
Block* grow_memory(size_t bytes) {
    const size_t pages = align_up(bytes, kMemoryPageBytes) / kMemoryPageBytes;
    const size_t first = __builtin_wasm_memory_grow(0, pages);
    if (first == SIZE_MAX) return nullptr;
    auto* const block = reinterpret_cast<Block*>(first * kMemoryPageBytes);
    block->bytes = pages * kMemoryPageBytes;
    block->is_free.store(0, std::memory_order_relaxed);  // not listed yet
    return block;
}

Block* take_block(size_t bytes) {
    heddle::WordGuard guard(g_blocks_lock);
    for (Block* block = g_blocks; block != nullptr; block = block->next) {
        // acquire: the former thread has left the block
        if (block->bytes >= bytes && block->is_free.exchange(0, std::memory_order_acquire) != 0) {
            return block;
        }
    }
    Block* const block = grow_memory(bytes);
    if (block == nullptr) return nullptr;
    block->next = g_blocks;
    g_blocks = block;
    return block;
}

}  // namespace

extern "C" {

__attribute__((import_module("wasi"), import_name("thread-spawn"))) int32_t
heddle_wasi_thread_spawn(Block* block);

// Made by the linker: puts the thread-local data at `memory` and makes it the caller's.
void __wasm_init_tls(void* memory);

// Called by thread_start.S on the new stack.
void heddle_wasi_thread_main(int32_t thread_id, Block* block) {
    __wasm_init_tls(block->tls);
    t_stack_bytes = block->stack_bytes;
    t_token = static_cast<uintptr_t>(thread_id);
    heddle::internal::carrier_main(block->start_arg);
}

}  // extern "C"

namespace heddle::platform {

int64_t now_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return to_ns(now);
}

bool may_block() { return true; }

uint32_t core_count() { return 2; }  // WASI does not tell; threads mean more than one

void relax() { asm volatile(""); }

int spawn_carrier(uintptr_t start_arg, size_t stack_bytes, uintptr_t* token_out) {
    const size_t tls_align =
        __builtin_wasm_tls_align() > kStackAlign ? __builtin_wasm_tls_align() : kStackAlign;
    const size_t tls_at = align_up(sizeof(Block), tls_align);
    const size_t stack_at = align_up(tls_at + __builtin_wasm_tls_size(), kStackAlign);
    Block* const block = take_block(stack_at + stack_bytes);
    if (block == nullptr) return EAGAIN;
    char* const start = reinterpret_cast<char*>(block);
    block->tls = start + tls_at;
    block->stack_bytes = stack_bytes;
    block->stack_top = start + align_up(stack_at + stack_bytes - kStackAlign + 1, kStackAlign);
    block->start_arg = start_arg;
    const int32_t thread_id = heddle_wasi_thread_spawn(block);
    if (thread_id <= 0) {
        block->is_free.store(1, std::memory_order_release);
        return EAGAIN;
    }
    *token_out = static_cast<uintptr_t>(thread_id);
    return 0;
}

uintptr_t own_carrier_token() { return t_token; }

void exit_thread() {
    static std::atomic<uint32_t> never{0};
    for (;;) (void)futex_wait(never, 0, kNever);
}

// wasi-threads has no such moment; a foreign thread keeps its record.
void call_on_thread_exit() {}

size_t own_stack_bytes() { return t_stack_bytes; }

void die(const char* line) {
    if (write(STDERR_FILENO, line, strlen(line)) >= 0) (void)!write(STDERR_FILENO, "\n", 1);
    __builtin_trap();
}

}  // namespace heddle::platform

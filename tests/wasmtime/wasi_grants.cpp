// What a WASI program is granted: it does what its arguments say, and prints what came of it.
// SPDX-License-Identifier: MIT
#include <heddle/heddle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace {

constexpr size_t kMiB = size_t{1} << 20;

heddle_lock_t g_gate;  // all zeros: free

int print_variable(const char* name) {
    const char* value = getenv(name);
    puts(value != nullptr ? value : "none");
    return 0;
}

int print_file(const char* path) {
    FILE* file = fopen(path, "r");
    if (file == nullptr) return puts("refused"), 0;
    char text[100] = "";
    (void)!fread(text, 1, sizeof text - 1, file);
    fclose(file);
    puts(text);
    return 0;
}

int write_file(const char* path) {
    FILE* file = fopen(path, "w");
    if (file == nullptr) return puts("refused"), 0;
    fputs("written", file);
    return fclose(file);
}

int take_memory(const char* mib) {
    // volatile: a compiler may leave out memory that nobody looks at.
    volatile char* const memory = static_cast<char*>(malloc(strtoul(mib, nullptr, 10) * kMiB));
    if (memory != nullptr) *memory = 1;
    puts(memory != nullptr ? "taken" : "refused");
    return 0;
}

void pass_gate(void*) {
    heddle_lock_acquire(&g_gate, HEDDLE_FOREVER, /*interruptible=*/false);
    heddle_lock_release(&g_gate);
}

void trap(void*) { __builtin_trap(); }

heddle_ident_t start(void (*entry)(void*)) {
    heddle_thread_options_t options = {};
    options.joinable = true;
    heddle_ident_t ident = 0;
    return heddle_thread_start(entry, nullptr, &options, &ident) == 0 ? ident : 0;
}

// As many at once as there may be, up to that many; then as many once more.
int start_threads(const char* most) {
    for (int round = 0; round < 2; round++) {
        heddle_ident_t threads[64];
        int count = 0;
        heddle_lock_acquire(&g_gate, HEDDLE_FOREVER, /*interruptible=*/false);
        while (count < atoi(most) && count < 64 && (threads[count] = start(pass_gate)) != 0)
            count++;
        heddle_lock_release(&g_gate);
        for (int i = 0; i < count; i++) heddle_thread_join(threads[i], HEDDLE_FOREVER, false);
        // A thread that was joined may not have left its place yet.
        heddle_sleep(200'000'000, /*interruptible=*/false);
        printf("%d\n", count);
    }
    return 0;
}

int trap_in_a_thread(const char*) {
    if (start(trap) == 0) return 1;
    heddle_sleep(HEDDLE_FOREVER, /*interruptible=*/false);
    return 1;
}

constexpr struct {
    const char* name;
    int (*run)(const char* argument);
} kActions[] = {
    {"variable", print_variable}, {"read", print_file},       {"write", write_file},
    {"memory", take_memory},      {"threads", start_threads}, {"trap", trap_in_a_thread},
};

}  // namespace

int main(int argc, char** argv) {
    heddle_main_thread_attach();
    for (const auto& action : kActions) {
        if (argc == 3 && strcmp(argv[1], action.name) == 0) return action.run(argv[2]);
    }
    fprintf(stderr, "usage: wasi_grants variable|read|write|memory|threads|trap ARGUMENT\n");
    return 2;
}

// Host layout: prints js/src/module/host-layout.js, what python.wasm and JavaScript both know.
// SPDX-License-Identifier: MIT
//
// It is compiled for python.wasm's target and run under Node with each build, so its numbers are
// those of the code. wasm/host/imports.js takes them from the printed file.
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#include "heddle/thread.h"
#include "host/errnos.h"
#include "host/host.h"

namespace {

constexpr const char* kHead =
    "// Numbers and layouts that python.wasm and JavaScript agree on.\n"
    "// SPDX-License-Identifier: MIT\n"
    "// @ts-check\n"
    "//\n"
    "// Made by wasm/host/host_layout.cpp: the build writes it anew when a number has changed.\n";

void constant(const char* doc, const char* name, int value) {
    printf("\n/** %s */\nexport const %s = %d;\n", doc, name, value);
}

void constant(const char* doc, const char* name, const char* value) {
    printf("\n/** %s */\nexport const %s = \"%s\";\n", doc, name, value);
}

struct Field {
    const char* name;
    int value;
};

template <size_t count>
void table(const char* doc, const char* name, const Field (&fields)[count]) {
    printf("\n/** %s */\nexport const %s = Object.freeze({\n", doc, name);
    for (const Field& field : fields) printf("  %s: %d,\n", field.name, field.value);
    puts("});");
}

#define FIELD(name) {#name, name}
#define OFFSET(type, name, field) {name, static_cast<int>(offsetof(type, field))}
#define BYTES(type) {"bytes", static_cast<int>(sizeof(type))}

}  // namespace

int main() {
    using namespace heddle;
    fputs(kHead, stdout);

    table("What happened, as heddle_host_notify() numbers it.", "HostEvent",
          {{"output", HEDDLE_EVENT_OUTPUT},
           {"input", HEDDLE_EVENT_INPUT},
           {"reply", HEDDLE_EVENT_REPLY},
           {"exit", HEDDLE_EVENT_EXIT},
           {"archive", HEDDLE_EVENT_ARCHIVE},
           {"sources", HEDDLE_EVENT_SOURCES}});

    table("The bits of heddle_host_open()'s flags.", "OpenFlag",
          {{"read", HEDDLE_OPEN_READ},
           {"write", HEDDLE_OPEN_WRITE},
           {"create", HEDDLE_OPEN_CREATE},
           {"exclusive", HEDDLE_OPEN_EXCLUSIVE},
           {"truncate", HEDDLE_OPEN_TRUNCATE}});

    table("What heddle_program_signal_action() answers.", "SignalAction",
          {{"default", HEDDLE_SIGNAL_DEFAULT},
           {"ignored", HEDDLE_SIGNAL_IGNORED},
           {"handled", HEDDLE_SIGNAL_HANDLED}});

    table(
        "A heddle_host_stat_t: its size, and where its fields are.", "StatLayout",
        {BYTES(heddle_host_stat_t), OFFSET(heddle_host_stat_t, "mode", mode),
         OFFSET(heddle_host_stat_t, "nlink", nlink), OFFSET(heddle_host_stat_t, "size", size),
         OFFSET(heddle_host_stat_t, "atimeMs", atime_ms),
         OFFSET(heddle_host_stat_t, "mtimeMs", mtime_ms),
         OFFSET(heddle_host_stat_t, "ctimeMs", ctime_ms), OFFSET(heddle_host_stat_t, "ino", ino)});

    table("A heddle_console_chunk_t: its size, and where its fields are.", "ChunkLayout",
          {BYTES(heddle_console_chunk_t), OFFSET(heddle_console_chunk_t, "stream", stream),
           OFFSET(heddle_console_chunk_t, "thread", thread),
           OFFSET(heddle_console_chunk_t, "data", data),
           OFFSET(heddle_console_chunk_t, "size", size)});

    constant("The console holds at most so many bytes of output.", "RING_BYTES",
             HEDDLE_CONSOLE_BYTES);
    constant("Where the interpreter looks for its standard library.", "STDLIB_FOLDER",
             HEDDLE_STDLIB_FOLDER);
    constant("What python.wasm asks for at least, in MiB.", "INITIAL_MEMORY_MIB",
             HEDDLE_INITIAL_MEMORY_MIB);
    constant("Containers nested deeper than this are not copied.", "MAX_DEPTH", HEDDLE_MAX_DEPTH);
    constant("Calls that are listed of a thread or of an error, the innermost ones.", "MAX_FRAMES",
             HEDDLE_MAX_FRAMES);

    table("Threads alive at once by default, and at most; workers that stay ready by default.",
          "Threads",
          {{"limit", kDefaultThreadLimit},
           {"mostLimit", kMaxStartedThreads},
           {"warm", kDefaultIdleCarriers}});
    constant("Signals are numbered up to this one.", "MAX_SIGNAL", HEDDLE_NSIG - 1);

    table("Signals, as python.wasm numbers them: as Linux does.", "Signal",
          {FIELD(SIGHUP), FIELD(SIGINT), FIELD(SIGILL), FIELD(SIGABRT), FIELD(SIGFPE),
           FIELD(SIGUSR1), FIELD(SIGSEGV), FIELD(SIGUSR2), FIELD(SIGTERM)});

#define ENTRY(name, number) {#name, number},
    table("Errors, as python.wasm numbers them: as WASI does, but for ENOTSUP.", "Errno",
          {HEDDLE_HOST_ERRNOS(ENTRY)});
#undef ENTRY
}

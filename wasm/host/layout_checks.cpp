// Layout checks: what hosts and our own code assume of this target's libc, compared with it.
// SPDX-License-Identifier: MIT
//
// Compiled for python.wasm's target with each build; there is nothing in it to run. The toolchain is
// pinned, so a failure here says that a new one needs another number.
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "host/errnos.h"
#include "host/guest_layout.h"
#include "host/host.h"

using namespace heddle::host;

// ---- errnos.h -----------------------------------------------------------------------------------

#define HEDDLE_CHECK(name, number) static_assert(name == number);
HEDDLE_HOST_ERRNOS(HEDDLE_CHECK)
#undef HEDDLE_CHECK

// ---- Signals: as Linux numbers them -------------------------------------------------------------

static_assert(SIGHUP == 1 && SIGINT == 2 && SIGILL == 4 && SIGABRT == 6 && SIGFPE == 8);
static_assert(SIGUSR1 == 10 && SIGSEGV == 11 && SIGUSR2 == 12 && SIGTERM == 15);

// ---- host.h: the same for wasm32 and for a 64-bit host --------------------------------------------

static_assert(sizeof(heddle_host_stat_t) == 48 && alignof(heddle_host_stat_t) == 8);
static_assert(offsetof(heddle_host_stat_t, size) == 8 && offsetof(heddle_host_stat_t, ino) == 40);

static_assert(sizeof(GuestChunk) == sizeof(heddle_console_chunk_t));
static_assert(offsetof(GuestChunk, stream) == offsetof(heddle_console_chunk_t, stream));
static_assert(offsetof(GuestChunk, thread) == offsetof(heddle_console_chunk_t, thread));
static_assert(offsetof(GuestChunk, data) == offsetof(heddle_console_chunk_t, data));
static_assert(offsetof(GuestChunk, size) == offsetof(heddle_console_chunk_t, size));

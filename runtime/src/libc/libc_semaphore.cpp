// libc semaphores: POSIX's named ones on the core, so that their waits are seen and interrupted like all others.
// SPDX-License-Identifier: MIT
//
// Takes the place of sem_open.o, sem_unlink.o, sem_wait.o, sem_timedwait.o, sem_trywait.o, sem_post.o and
// sem_getvalue.o. There is one process, so a name is known in it alone. A sem_t that sem_init() made is none of these:
// nobody here makes one.
//
// Lifetime
//   A semaphore lives while it is open (each sem_open() counts) or has its name. sem_close() of the last opener of one
//   without a name frees it; that nobody waits for it then is the caller's promise, as POSIX has it.
//
// Concurrency
//   The table has a lock; no wait is made under it. Waits and posts are the core's Semaphore's.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>

#include <cstring>
#include <mutex>
#include <new>

#include "heddle/lock.h"
#include "heddle/semaphore.h"
#include "heddle/timespec.h"

using namespace heddle;

namespace {

// As a file's name may be.
constexpr size_t kLongestName = 255;

struct NamedSemaphore {
    NamedSemaphore(const char* its_name, uint32_t value) : semaphore(value) {
        std::strcpy(name, its_name);
    }

    Semaphore semaphore;
    NamedSemaphore* next = nullptr;  // in the table, like what follows
    int openers = 1;
    bool has_name = true;
    char name[kLongestName + 1];
};

constinit Lock g_lock;
NamedSemaphore* g_all = nullptr;  // under g_lock

NamedSemaphore* find(const char* name) {
    NamedSemaphore* found = g_all;
    while (found != nullptr && !(found->has_name && std::strcmp(found->name, name) == 0)) {
        found = found->next;
    }
    return found;
}

// Frees it if nobody can reach it any more.
void free_if_unused(NamedSemaphore* semaphore) {
    if (semaphore->openers > 0 || semaphore->has_name) return;
    NamedSemaphore** link = &g_all;
    while (*link != semaphore) link = &(*link)->next;
    *link = semaphore->next;
    delete semaphore;
}

// 0, or an errno value. A name begins with a slash and has no other; without the first it means the same.
int check_name(const char** name) {
    while (**name == '/') ++*name;
    const size_t length = std::strlen(*name);
    if (length == 0 || std::strchr(*name, '/') != nullptr) return EINVAL;
    return length > kLongestName ? ENAMETOOLONG : 0;
}

sem_t* failed(int error) {
    errno = error;
    return SEM_FAILED;
}

int result_of(int error) {
    if (error == 0) return 0;
    errno = error;
    return -1;
}

NamedSemaphore* named(sem_t* handle) { return reinterpret_cast<NamedSemaphore*>(handle); }

int wait_until(sem_t* handle, Deadline deadline) {
    switch (named(handle)->semaphore.acquire(deadline, Interruptible::yes)) {
        case WaitResult::acquired:
            return 0;
        case WaitResult::timed_out:
            return result_of(ETIMEDOUT);
        case WaitResult::interrupted:
            return result_of(EINTR);
    }
    __builtin_unreachable();
}

}  // namespace

extern "C" {

sem_t* sem_open(const char* name, int flags, ...) {
    if (int error = check_name(&name)) return failed(error);
    const std::lock_guard<Lock> held(g_lock);
    if (NamedSemaphore* known = find(name)) {
        if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return failed(EEXIST);
        known->openers++;
        return reinterpret_cast<sem_t*>(known);
    }
    if ((flags & O_CREAT) == 0) return failed(ENOENT);
    va_list arguments;
    va_start(arguments, flags);
    va_arg(arguments, mode_t);  // there are no other users
    const unsigned value = va_arg(arguments, unsigned);
    va_end(arguments);
    if (value > SEM_VALUE_MAX) return failed(EINVAL);
    auto* made = new (std::nothrow) NamedSemaphore(name, value);
    if (made == nullptr) return failed(ENOMEM);
    made->next = g_all;
    g_all = made;
    return reinterpret_cast<sem_t*>(made);
}

int sem_close(sem_t* handle) {
    const std::lock_guard<Lock> held(g_lock);
    named(handle)->openers--;
    free_if_unused(named(handle));
    return 0;
}

int sem_unlink(const char* name) {
    if (int error = check_name(&name)) return result_of(error);
    const std::lock_guard<Lock> held(g_lock);
    NamedSemaphore* known = find(name);
    if (known == nullptr) return result_of(ENOENT);
    known->has_name = false;
    free_if_unused(known);
    return 0;
}

int sem_wait(sem_t* handle) { return wait_until(handle, kNever); }

int sem_timedwait(sem_t* __restrict handle, const struct timespec* __restrict time) {
    if (named(handle)->semaphore.try_acquire()) return 0;
    if (time == nullptr || !is_valid(*time)) return result_of(EINVAL);
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t left_ns = to_ns(*time) - to_ns(now);
    return wait_until(handle, deadline_after(left_ns > 0 ? left_ns : 0));
}

int sem_trywait(sem_t* handle) {
    return result_of(named(handle)->semaphore.try_acquire() ? 0 : EAGAIN);
}

int sem_post(sem_t* handle) {
    return result_of(named(handle)->semaphore.release() ? 0 : EOVERFLOW);
}

int sem_getvalue(sem_t* __restrict handle, int* __restrict value) {
    *value = static_cast<int>(named(handle)->semaphore.count());
    return 0;
}

}  // extern "C"

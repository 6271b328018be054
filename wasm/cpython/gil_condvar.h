/* The GIL's mutex and condition, for Python/ceval_gil.c: force-include this file when compiling it.
 * SPDX-License-Identifier: MIT
 *
 * CPython's Python/condvar.h is guarded by _CONDVAR_IMPL_H_. Defining the guard first, and the
 * macros that it would have defined, puts the core's lock and condition into the bytes of the
 * pthread_mutex_t and pthread_cond_t fields. This is C: the functions are in gil_condvar.cpp.
 *
 * A wait for the GIL is never interrupted by a signal; it lasts until the GIL is there.
 */
#ifndef HEDDLE_WASM_CPYTHON_GIL_CONDVAR_H_
#define HEDDLE_WASM_CPYTHON_GIL_CONDVAR_H_

#define _CONDVAR_IMPL_H_

#ifdef __cplusplus
extern "C" {
#endif

/* mutex: a pthread_mutex_t's bytes; cond: a pthread_cond_t's bytes. None of these can fail. */
void heddle_gil_mutex_init(void* mutex);
void heddle_gil_mutex_lock(void* mutex);
void heddle_gil_mutex_unlock(void* mutex);
void heddle_gil_cond_init(void* cond);
void heddle_gil_cond_signal(void* cond);
void heddle_gil_cond_broadcast(void* cond);
void heddle_gil_cond_wait(void* cond, void* mutex);
/* 0: signalled; 1: the microseconds are over. */
int heddle_gil_cond_timed_wait(void* cond, void* mutex, long long timeout_us);

#ifdef __cplusplus
}
#endif

/* As in condvar.h: 0 is success. */
#define PyMUTEX_INIT(mut) (heddle_gil_mutex_init(mut), 0)
#define PyMUTEX_FINI(mut) ((void)(mut), 0)
#define PyMUTEX_LOCK(mut) (heddle_gil_mutex_lock(mut), 0)
#define PyMUTEX_UNLOCK(mut) (heddle_gil_mutex_unlock(mut), 0)

#define PyCOND_INIT(cond) (heddle_gil_cond_init(cond), 0)
#define PyCOND_FINI(cond) ((void)(cond), 0)
#define PyCOND_SIGNAL(cond) (heddle_gil_cond_signal(cond), 0)
#define PyCOND_BROADCAST(cond) (heddle_gil_cond_broadcast(cond), 0)
#define PyCOND_WAIT(cond, mut) (heddle_gil_cond_wait((cond), (mut)), 0)
#define PyCOND_TIMEDWAIT(cond, mut, us) heddle_gil_cond_timed_wait((cond), (mut), (us))

#endif /* HEDDLE_WASM_CPYTHON_GIL_CONDVAR_H_ */

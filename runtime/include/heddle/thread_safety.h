// Thread safety: words for clang's -Wthread-safety, which checks at compile time who holds what.
// SPDX-License-Identifier: MIT
//
// Nothing for other compilers. The native presets check the core with them (runtime/CMakeLists.txt).
#ifndef HEDDLE_THREAD_SAFETY_H_
#define HEDDLE_THREAD_SAFETY_H_

#if defined(__clang__)
#define HEDDLE_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HEDDLE_THREAD_ATTRIBUTE(x)
#endif

// A class whose objects are locks / hold a lock for a scope.
#define HEDDLE_CAPABILITY HEDDLE_THREAD_ATTRIBUTE(capability("lock"))
#define HEDDLE_SCOPED_CAPABILITY HEDDLE_THREAD_ATTRIBUTE(scoped_lockable)
// A variable that is read and written only under the lock.
#define HEDDLE_GUARDED_BY(lock) HEDDLE_THREAD_ATTRIBUTE(guarded_by(lock))
// A function that its caller calls with the locks held / that acquires them / that may / that releases them.
#define HEDDLE_REQUIRES(...) HEDDLE_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define HEDDLE_ACQUIRE(...) HEDDLE_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define HEDDLE_TRY_ACQUIRE(...) HEDDLE_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define HEDDLE_RELEASE(...) HEDDLE_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
// A function that the checker cannot follow; a comment says why it is right.
#define HEDDLE_NO_THREAD_SAFETY_ANALYSIS HEDDLE_THREAD_ATTRIBUTE(no_thread_safety_analysis)

#endif  // HEDDLE_THREAD_SAFETY_H_

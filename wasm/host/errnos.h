// Errnos: the errors that a host reports, as this target's <errno.h> numbers them.
// SPDX-License-Identifier: MIT
//
// The one list that is kept by hand. layout_checks.cpp compares each number with <errno.h>;
// host-layout.js is made of it for JavaScript, and wasmtime's host translates by it. A host calls
// an error that is not here EIO.
#ifndef HEDDLE_WASM_HOST_ERRNOS_H_
#define HEDDLE_WASM_HOST_ERRNOS_H_

// Calls X(name, number) for each.
#define HEDDLE_HOST_ERRNOS(X) \
    X(E2BIG, 1)               \
    X(EACCES, 2)              \
    X(EAGAIN, 6)              \
    X(EBADF, 8)               \
    X(EBUSY, 10)              \
    X(EDQUOT, 19)             \
    X(EEXIST, 20)             \
    X(EFAULT, 21)             \
    X(EFBIG, 22)              \
    X(EINTR, 27)              \
    X(EINVAL, 28)             \
    X(EIO, 29)                \
    X(EISDIR, 31)             \
    X(ELOOP, 32)              \
    X(EMFILE, 33)             \
    X(EMLINK, 34)             \
    X(ENAMETOOLONG, 37)       \
    X(ENFILE, 41)             \
    X(ENODEV, 43)             \
    X(ENOENT, 44)             \
    X(ENOMEM, 48)             \
    X(ENOSPC, 51)             \
    X(ENOSYS, 52)             \
    X(ENOTDIR, 54)            \
    X(ENOTEMPTY, 55)          \
    X(ENOTSUP, 138)           \
    X(ENXIO, 60)              \
    X(EOVERFLOW, 61)          \
    X(EPERM, 63)              \
    X(EPIPE, 64)              \
    X(EROFS, 69)              \
    X(ESPIPE, 70)             \
    X(ETIMEDOUT, 73)          \
    X(ETXTBSY, 74)            \
    X(EXDEV, 75)

#endif  // HEDDLE_WASM_HOST_ERRNOS_H_

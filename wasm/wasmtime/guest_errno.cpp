// Guest errno: the table.
// SPDX-License-Identifier: MIT
#include "guest_errno.h"

#include <cerrno>

namespace heddle::host {

int32_t to_guest_errno(int error) {
    switch (error) {
        case E2BIG:
            return 1;
        case EACCES:
            return 2;
        case EAGAIN:
            return 6;
        case EBADF:
            return 8;
        case EBUSY:
            return 10;
        case EDQUOT:
            return 19;
        case EEXIST:
            return 20;
        case EFAULT:
            return 21;
        case EFBIG:
            return 22;
        case EINTR:
            return 27;
        case EINVAL:
            return 28;
        case EISDIR:
            return 31;
        case ELOOP:
            return 32;
        case EMFILE:
            return 33;
        case EMLINK:
            return 34;
        case ENAMETOOLONG:
            return 37;
        case ENFILE:
            return 41;
        case ENODEV:
            return 43;
        case ENOENT:
            return 44;
        case ENOMEM:
            return 48;
        case ENOSPC:
            return 51;
        case ENOSYS:
            return 52;
        case ENOTDIR:
            return 54;
        case ENOTEMPTY:
            return 55;
        case EOVERFLOW:
            return 61;
        case ENXIO:
            return 60;
        case EPERM:
            return 63;
        case EPIPE:
            return 64;
        case EROFS:
            return 69;
        case ESPIPE:
            return 70;
        case ETIMEDOUT:
            return 73;
        case ETXTBSY:
            return 74;
        case EXDEV:
            return 75;
        case EOPNOTSUPP:
            return 138;
        default:
            return 29;  // EIO
    }
}

}  // namespace heddle::host

// Lock owner: which thread holds the lock that another one waits for.
// SPDX-License-Identifier: MIT
#include "inspect/lock_owner.h"

#include "heddle/lock.h"
#include "park/parking_lot_internal.h"

namespace heddle {

heddle_ident_t read_lock_owner(const void* address, const Sleeper& sleeper, Deadline deadline) {
    heddle_ident_t owner = 0;
    with_waiter(address, sleeper, deadline, [&](WaitKind kind) {
        if (kind != WaitKind::lock && kind != WaitKind::rlock) return;
        const Lock& lock = Lock::from(static_cast<const heddle_lock_t*>(address));
        owner = lock.is_held() ? lock.owner() : 0;
    });
    return owner;
}

}  // namespace heddle

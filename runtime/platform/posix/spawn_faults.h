// Spawn faults: lets tests make the next carriers fail in the ways that workers fail in.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_SPAWN_FAULTS_H_
#define HEDDLE_SPAWN_FAULTS_H_

#include <cstdint>

namespace heddle::platform {

enum class SpawnFault : uint32_t {
    none,                // starts, after the delay
    fails,               // spawn_carrier() returns EAGAIN
    lost_before_return,  // the host reports the carrier as failed before spawn_carrier() returns
    lost_later,          // the host reports it after the delay
    never_starts,        // nothing is ever heard of it
};

struct SpawnFaultNow {
    SpawnFault fault;
    int64_t delay_ns;
};

// The next `count` spawns fail like this.
void set_spawn_fault(SpawnFault fault, uint32_t count, int64_t delay_ns = 0);
// How the spawn that is going on now is to fail; counts it.
SpawnFaultNow take_spawn_fault();

// Is told the token of each carrier that is spawned from now on (nullptr: nobody is).
void set_token_listener(void (*listener)(uintptr_t token));
void tell_token(uintptr_t token);

}  // namespace heddle::platform

#endif  // HEDDLE_SPAWN_FAULTS_H_

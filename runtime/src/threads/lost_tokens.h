// Lost tokens: carriers that the host gave up before their spawner knew what they are called.
// SPDX-License-Identifier: MIT
//
// A worker may fail while its spawner is still inside the platform's spawn function. The host then
// leaves the token here, and the spawner looks here once it has stored the token; the host looks
// for the carrier once more after leaving it. All these accesses are seq_cst, so at least one of
// the two sees the other, and taking a token is a swap, so only one acts on it.
//
// Tokens are only accepted while a spawn is going on, and forgotten when none is any more: the host
// may use the same number for another carrier later.
#ifndef HEDDLE_LOST_TOKENS_H_
#define HEDDLE_LOST_TOKENS_H_

#include <cstdint>

namespace heddle {

// Says that a spawn is going on, for a scope.
class SpawnScope {
  public:
    SpawnScope();
    ~SpawnScope();
    SpawnScope(const SpawnScope&) = delete;
    SpawnScope& operator=(const SpawnScope&) = delete;
};

// False if no spawn is going on, so that nobody can be meant.
bool leave_lost_token(uintptr_t token);
// True for one caller for each token that was left.
bool take_lost_token(uintptr_t token);

}  // namespace heddle

#endif  // HEDDLE_LOST_TOKENS_H_

// Keys from passwords: PBKDF2 (RFC 8018) and scrypt (RFC 7914).
// SPDX-License-Identifier: MIT
//
// Pure functions of their arguments, which take as long as these ask for. Any thread; no Python.
#ifndef HEDDLE_WASM_CPYTHON_KEY_DERIVATION_FUNCTIONS_H_
#define HEDDLE_WASM_CPYTHON_KEY_DERIVATION_FUNCTIONS_H_

#include "cpython/key_derivation/hmac.h"

namespace heddle::key_derivation {

// Fills out. iterations > 0.
void pbkdf2(const HashFunction& hash, Bytes password, Bytes salt, uint32_t iterations,
            std::span<uint8_t> out);

struct ScryptCost {
    uint64_t n;  // a power of 2, at least 2
    uint64_t r;
    uint64_t p;
};

// The bytes that scrypt() needs; UINT64_MAX if its parameters go beyond the algorithm's bounds.
uint64_t scrypt_memory(const ScryptCost& cost);

// Fills out. False: no memory.
bool scrypt(Bytes password, Bytes salt, const ScryptCost& cost, std::span<uint8_t> out);

}  // namespace heddle::key_derivation

#endif  // HEDDLE_WASM_CPYTHON_KEY_DERIVATION_FUNCTIONS_H_

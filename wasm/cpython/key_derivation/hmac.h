// HMAC on CPython's own hash functions, for keys that are used many times (RFC 2104).
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CPYTHON_KEY_DERIVATION_HMAC_H_
#define HEDDLE_WASM_CPYTHON_KEY_DERIVATION_HMAC_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace heddle::key_derivation {

using Bytes = std::span<const uint8_t>;

inline constexpr size_t kLargestBlock = 128;
inline constexpr size_t kLargestDigest = 64;

// A hash function between blocks: eight words of 32 or 64 bits.
union HashState {
    uint32_t words32[8];
    uint64_t words64[8];
};

// A hash function of the MD5 and SHA families: it takes whole blocks, of which the last ends with a length.
struct HashFunction {
    const char* name;
    size_t block_bytes;
    size_t digest_bytes;
    size_t length_bytes;  // of the length at the end
    bool little_endian;   // the length
    void (*init)(HashState* state);
    void (*update)(HashState* state, uint8_t* blocks, uint32_t count);
    void (*finish)(HashState* state, uint8_t* digest);
};

// By hashlib's name; null if it is another.
const HashFunction* find_hash(const char* name);

// Keyed once. Const calls may come from several threads.
class Hmac {
  public:
    Hmac(const HashFunction& hash, Bytes key);

    // Writes hash.digest_bytes. The message is in two parts.
    void digest(Bytes first, Bytes second, uint8_t* out) const;
    // Of a message of digest_bytes, which it replaces: two blocks are hashed.
    void digest_in_place(uint8_t* message) const;

  private:
    void finish_outer(const uint8_t* inner_digest, uint8_t* out) const;

    const HashFunction& hash_;
    HashState inner_, outer_;  // after the key's block
};

}  // namespace heddle::key_derivation

#endif  // HEDDLE_WASM_CPYTHON_KEY_DERIVATION_HMAC_H_

// HMAC: padding, and the hash functions of the HACL* library that CPython brings along.
// SPDX-License-Identifier: MIT
#include "cpython/key_derivation/hmac.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include "internal/Hacl_Hash_MD5.h"
#include "internal/Hacl_Hash_SHA1.h"
#include "internal/Hacl_Hash_SHA2.h"
}

namespace heddle::key_derivation {
namespace {

template <void (*Function)(uint32_t*)>
void init32(HashState* state) {
    Function(state->words32);
}
template <void (*Function)(uint64_t*)>
void init64(HashState* state) {
    Function(state->words64);
}
template <void (*Function)(uint32_t*, uint8_t*, uint32_t)>
void update_md(HashState* state, uint8_t* blocks, uint32_t count) {
    Function(state->words32, blocks, count);
}
template <void (*Function)(uint32_t*, uint8_t*)>
void finish32(HashState* state, uint8_t* digest) {
    Function(state->words32, digest);
}
template <void (*Function)(uint64_t*, uint8_t*)>
void finish64(HashState* state, uint8_t* digest) {
    Function(state->words64, digest);
}
// SHA-2's take bytes.
void update_sha256(HashState* state, uint8_t* blocks, uint32_t count) {
    Hacl_Hash_SHA2_sha256_update_nblocks(count * 64, blocks, state->words32);
}
void update_sha512(HashState* state, uint8_t* blocks, uint32_t count) {
    Hacl_Hash_SHA2_sha512_update_nblocks(count * 128, blocks, state->words64);
}

constexpr HashFunction kHashes[] = {
    {"md5", 64, 16, 8, true, init32<Hacl_Hash_MD5_init>, update_md<Hacl_Hash_MD5_update_multi>,
     finish32<Hacl_Hash_MD5_finish>},
    {"sha1", 64, 20, 8, false, init32<Hacl_Hash_SHA1_init>, update_md<Hacl_Hash_SHA1_update_multi>,
     finish32<Hacl_Hash_SHA1_finish>},
    {"sha224", 64, 28, 8, false, init32<Hacl_Hash_SHA2_sha224_init>, update_sha256,
     finish32<Hacl_Hash_SHA2_sha224_finish>},
    {"sha256", 64, 32, 8, false, init32<Hacl_Hash_SHA2_sha256_init>, update_sha256,
     finish32<Hacl_Hash_SHA2_sha256_finish>},
    {"sha384", 128, 48, 16, false, init64<Hacl_Hash_SHA2_sha384_init>, update_sha512,
     finish64<Hacl_Hash_SHA2_sha384_finish>},
    {"sha512", 128, 64, 16, false, init64<Hacl_Hash_SHA2_sha512_init>, update_sha512,
     finish64<Hacl_Hash_SHA2_sha512_finish>},
};

// Hashes a message that is given in parts, from a state after `before` bytes, which are whole blocks.
class Hasher {
  public:
    Hasher(const HashFunction& hash, const HashState& state, uint64_t before)
        : hash_(hash), state_(state), total_(before) {}

    void add(Bytes part) {
        total_ += part.size();
        while (!part.empty()) {
            const size_t taken = std::min(part.size(), hash_.block_bytes - filled_);
            std::memcpy(block_ + filled_, part.data(), taken);
            part = part.subspan(taken);
            filled_ += taken;
            if (filled_ == hash_.block_bytes) flush();
        }
    }

    void finish(uint8_t* digest) {
        const uint64_t bits = total_ * 8;
        block_[filled_++] = 0x80;
        if (filled_ > hash_.block_bytes - hash_.length_bytes) {
            std::memset(block_ + filled_, 0, hash_.block_bytes - filled_);
            flush();
        }
        std::memset(block_ + filled_, 0, hash_.block_bytes - filled_);
        for (size_t i = 0; i < 8; i++) {
            const auto byte = static_cast<uint8_t>(bits >> (8 * i));
            if (hash_.little_endian) {
                block_[hash_.block_bytes - hash_.length_bytes + i] = byte;
            } else {
                block_[hash_.block_bytes - 1 - i] = byte;
            }
        }
        flush();
        hash_.finish(&state_, digest);
    }

  private:
    void flush() {
        hash_.update(&state_, block_, 1);
        filled_ = 0;
    }

    const HashFunction& hash_;
    HashState state_;
    uint64_t total_;
    size_t filled_ = 0;
    uint8_t block_[kLargestBlock];
};

}  // namespace

const HashFunction* find_hash(const char* name) {
    for (const HashFunction& hash : kHashes) {
        if (std::strcmp(hash.name, name) == 0) return &hash;
    }
    return nullptr;
}

Hmac::Hmac(const HashFunction& hash, Bytes key) : hash_(hash) {
    HashState start;
    hash.init(&start);
    uint8_t short_key[kLargestBlock] = {};
    if (key.size() > hash.block_bytes) {
        Hasher hasher(hash, start, 0);
        hasher.add(key);
        hasher.finish(short_key);
    } else {
        std::copy(key.begin(), key.end(), short_key);
    }
    uint8_t block[kLargestBlock];
    for (const auto& [pad, state] : {std::pair{0x36, &inner_}, std::pair{0x5c, &outer_}}) {
        for (size_t i = 0; i < hash.block_bytes; i++)
            block[i] = static_cast<uint8_t>(short_key[i] ^ pad);
        *state = start;
        hash.update(state, block, 1);
    }
}

void Hmac::digest(Bytes first, Bytes second, uint8_t* out) const {
    uint8_t inner[kLargestDigest];
    Hasher hasher(hash_, inner_, hash_.block_bytes);
    hasher.add(first);
    hasher.add(second);
    hasher.finish(inner);
    finish_outer(inner, out);
}

void Hmac::digest_in_place(uint8_t* message) const {
    digest({message, hash_.digest_bytes}, {}, message);
}

void Hmac::finish_outer(const uint8_t* inner_digest, uint8_t* out) const {
    Hasher hasher(hash_, outer_, hash_.block_bytes);
    hasher.add({inner_digest, hash_.digest_bytes});
    hasher.finish(out);
}

}  // namespace heddle::key_derivation

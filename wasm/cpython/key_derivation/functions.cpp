// Key derivation: PBKDF2, and scrypt's mixing of memory.
// SPDX-License-Identifier: MIT
#include "cpython/key_derivation/functions.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace heddle::key_derivation {
namespace {

// ---- scrypt, in the words of its RFC: blocks of 2r times 64 bytes, little-endian words ----------

constexpr size_t kSalsaWords = 16;

void salsa20_8(uint32_t* block) {
    uint32_t x[kSalsaWords];
    std::memcpy(x, block, sizeof x);
    const auto quarter = [&x](int a, int b, int c, int d) {
        x[b] ^= std::rotl(x[a] + x[d], 7);
        x[c] ^= std::rotl(x[b] + x[a], 9);
        x[d] ^= std::rotl(x[c] + x[b], 13);
        x[a] ^= std::rotl(x[d] + x[c], 18);
    };
    for (int round = 0; round < 4; round++) {
        quarter(0, 4, 8, 12);
        quarter(5, 9, 13, 1);
        quarter(10, 14, 2, 6);
        quarter(15, 3, 7, 11);
        quarter(0, 1, 2, 3);
        quarter(5, 6, 7, 4);
        quarter(10, 11, 8, 9);
        quarter(15, 12, 13, 14);
    }
    for (size_t i = 0; i < kSalsaWords; i++) block[i] += x[i];
}

// scryptBlockMix: from `in` to `out`, which are different, of 2r blocks.
void block_mix(const uint32_t* in, uint32_t* out, size_t r) {
    uint32_t x[kSalsaWords];
    std::memcpy(x, in + (2 * r - 1) * kSalsaWords, sizeof x);
    for (size_t i = 0; i < 2 * r; i++) {
        for (size_t k = 0; k < kSalsaWords; k++) x[k] ^= in[i * kSalsaWords + k];
        salsa20_8(x);
        // Even ones to the first half, odd ones to the second.
        std::memcpy(out + ((i & 1) * r + i / 2) * kSalsaWords, x, sizeof x);
    }
}

// scryptROMix: mixes one block in place, with n + 1 blocks of memory.
void rom_mix(uint32_t* block, uint32_t* memory, size_t n, size_t r) {
    const size_t words = 2 * r * kSalsaWords;
    uint32_t* const other = memory + n * words;
    for (size_t i = 0; i < n; i++) {
        std::memcpy(memory + i * words, block, words * sizeof(uint32_t));
        block_mix(memory + i * words, block, r);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t j = block[(2 * r - 1) * kSalsaWords] & (n - 1);
        for (size_t k = 0; k < words; k++) other[k] = block[k] ^ memory[j * words + k];
        block_mix(other, block, r);
    }
}

}  // namespace

void pbkdf2(const HashFunction& hash, Bytes password, Bytes salt, uint32_t iterations,
            std::span<uint8_t> out) {
    const Hmac hmac(hash, password);
    for (uint32_t block = 1; !out.empty(); block++) {
        const uint8_t number[4] = {static_cast<uint8_t>(block >> 24),
                                   static_cast<uint8_t>(block >> 16),
                                   static_cast<uint8_t>(block >> 8), static_cast<uint8_t>(block)};
        uint8_t last[kLargestDigest], sum[kLargestDigest];
        hmac.digest(salt, number, last);
        std::memcpy(sum, last, sizeof sum);
        for (uint32_t i = 1; i < iterations; i++) {
            hmac.digest_in_place(last);
            for (size_t k = 0; k < hash.digest_bytes; k++) sum[k] ^= last[k];
        }
        const size_t taken = std::min(out.size(), hash.digest_bytes);
        std::memcpy(out.data(), sum, taken);
        out = out.subspan(taken);
    }
}

uint64_t scrypt_memory(const ScryptCost& cost) {
    constexpr uint64_t kMost = uint64_t{1} << 30;
    if (cost.r == 0 || cost.p == 0 || cost.r >= kMost || cost.p >= kMost ||
        cost.p * cost.r >= kMost)
        return UINT64_MAX;
    // n < 2 ** (128 * r / 8)
    if (cost.r < 4 && cost.n >= uint64_t{1} << (16 * cost.r)) return UINT64_MAX;
    if (cost.n >= (uint64_t{1} << 55) / cost.r) return UINT64_MAX;
    return 128 * cost.r * (cost.p + cost.n + 2);
}

bool scrypt(Bytes password, Bytes salt, const ScryptCost& cost, std::span<uint8_t> out) {
    const size_t block_bytes = static_cast<size_t>(128 * cost.r);
    const auto n = static_cast<size_t>(cost.n);
    const size_t all_bytes = block_bytes * static_cast<size_t>(cost.p);
    auto* blocks = static_cast<uint8_t*>(std::malloc(all_bytes));
    auto* memory = static_cast<uint32_t*>(std::malloc(block_bytes * (n + 1)));
    const bool has_memory = blocks != nullptr && memory != nullptr;
    if (has_memory) {
        const HashFunction& sha256 = *find_hash("sha256");
        pbkdf2(sha256, password, salt, 1, {blocks, all_bytes});
        for (size_t at = 0; at < all_bytes; at += block_bytes) {
            rom_mix(reinterpret_cast<uint32_t*>(blocks + at), memory, n,
                    static_cast<size_t>(cost.r));
        }
        pbkdf2(sha256, password, {blocks, all_bytes}, 1, out);
    }
    std::free(memory);
    std::free(blocks);
    return has_memory;
}

}  // namespace heddle::key_derivation

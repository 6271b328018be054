// Tests of thread-specific storage: keys, values per thread, and that nothing outlives its owner.
// SPDX-License-Identifier: MIT
#include <cerrno>

#include "support.h"

namespace heddle::test {
namespace {

TEST(Tss, EachThreadHasItsOwnValue) {
    uint32_t key = 0;
    ASSERT_EQ(heddle_tss_create(&key), 0);
    int mine = 0;
    EXPECT_EQ(heddle_tss_set(key, &mine), 0);
    run_threads(8, [&](uint32_t) {
        int own = 0;
        EXPECT_EQ(heddle_tss_get(key), nullptr);
        EXPECT_EQ(heddle_tss_set(key, &own), 0);
        heddle_sleep(kMillisecond, false);
        EXPECT_EQ(heddle_tss_get(key), &own);
    });
    EXPECT_EQ(heddle_tss_get(key), &mine);
    heddle_tss_delete(key);
}

TEST(Tss, ANewThreadOnAnOldCarrierFindsNothing) {
    uint32_t key = 0;
    ASSERT_EQ(heddle_tss_create(&key), 0);
    int value = 0;
    for (int i = 0; i < 20; i++) {
        Thread([&] {
            EXPECT_EQ(heddle_tss_get(key), nullptr);
            EXPECT_EQ(heddle_tss_set(key, &value), 0);
        }).join();
    }
    heddle_tss_delete(key);
}

TEST(Tss, DeletingAKeyForgetsItsValues) {
    uint32_t key = 0;
    ASSERT_EQ(heddle_tss_create(&key), 0);
    int value = 0;
    EXPECT_EQ(heddle_tss_set(key, &value), 0);
    heddle_tss_delete(key);
    EXPECT_EQ(heddle_tss_get(key), nullptr);
    EXPECT_EQ(heddle_tss_set(key, &value), EINVAL);
    uint32_t next = 0;
    ASSERT_EQ(heddle_tss_create(&next), 0);
    EXPECT_NE(next, key);
    EXPECT_EQ(heddle_tss_get(next), nullptr);
    heddle_tss_delete(key);  // the old key is nobody's: nothing happens
    EXPECT_EQ(heddle_tss_set(next, &value), 0);
    heddle_tss_delete(next);
}

TEST(Tss, KeysRunOutAndComeBack) {
    std::vector<uint32_t> keys;
    uint32_t key = 0;
    while (heddle_tss_create(&key) == 0) keys.push_back(key);
    EXPECT_EQ(keys.size(), size_t{HEDDLE_TSS_MAX});
    EXPECT_EQ(heddle_tss_create(&key), EAGAIN);
    for (const uint32_t k : keys) heddle_tss_delete(k);
    EXPECT_EQ(heddle_tss_create(&key), 0);
    heddle_tss_delete(key);
    EXPECT_EQ(heddle_tss_set(UINT32_MAX, nullptr), EINVAL);
    EXPECT_EQ(heddle_tss_get(UINT32_MAX), nullptr);
}

}  // namespace
}  // namespace heddle::test

// Tests of the snapshot: what it says of each thread, and that it can be taken at any moment.
// SPDX-License-Identifier: MIT
#include <cstring>

#include "heddle/event.h"
#include "heddle/lock.h"
#include "heddle/rlock.h"
#include "support.h"

namespace heddle::test {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Whether brackets and strings are well-formed: enough to see torn output.
bool is_balanced(const std::string& text) {
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size(); i++) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') i++;
            if (c == '"') in_string = false;
            if (static_cast<unsigned char>(c) < 0x20) return false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return depth == 0 && !in_string;
}

TEST(Snapshot, DescribesTheMainThread) {
    EXPECT_EQ(snapshot(), "[{\"ident\":" + std::to_string(heddle_thread_self()) +
                              ",\"nativeId\":1,\"name\":\"MainThread\",\"main\":true,"
                              "\"daemon\":false,\"state\":\"running\",\"waitingOn\":null,"
                              "\"heldBy\":null,\"sinceMs\":0,\"leftMs\":null,\"stackBytes\":" +
                              std::to_string(heddle_thread_own_stack_bytes()) + "}]");
}

TEST(Snapshot, SaysWhoHoldsTheLockThatAThreadWaitsFor) {
    Lock lock;
    RLock rlock;
    lock.lock();
    rlock.lock();
    const heddle_thread_options_t options = {
        .name = "wai\"ter\n", .stack_bytes = 65536, .joinable = true, .daemon = true};
    Thread waiter([&] { lock.lock(); }, options);
    Thread rwaiter([&] {
        rlock.lock();
        rlock.unlock();
    });
    wait_until_waiting(waiter.ident(), "lock");
    wait_until_waiting(rwaiter.ident(), "rlock");
    heddle_sleep(3 * kMillisecond, false);
    const std::string me = "\"heldBy\":" + std::to_string(heddle_thread_self());
    const std::string text = snapshot_of(waiter.ident());
    EXPECT_TRUE(has(text, me)) << text;
    EXPECT_TRUE(has(text, "\"name\":\"wai\\\"ter\\u000a\"")) << text;
    EXPECT_TRUE(has(text, "\"daemon\":true")) << text;
    EXPECT_TRUE(has(text, "\"state\":\"waiting\"")) << text;
    EXPECT_TRUE(has(text, "\"stackBytes\":65536")) << text;
    EXPECT_FALSE(has(text, "\"sinceMs\":0,")) << text;
    EXPECT_TRUE(has(snapshot_of(rwaiter.ident()), me));
    lock.unlock();
    rlock.unlock();
}

TEST(Snapshot, SaysHowLongAWaitMayGoOn) {
    Lock lock;
    lock.lock();
    Thread limited([&] {
        EXPECT_EQ(lock.acquire(deadline_after(3600 * kSecond), Interruptible::no),
                  WaitResult::acquired);
        lock.unlock();
    });
    Thread unlimited([&] {
        lock.lock();
        lock.unlock();
    });
    wait_until_waiting(limited.ident(), "lock");
    wait_until_waiting(unlimited.ident(), "lock");
    EXPECT_TRUE(has(snapshot_of(limited.ident()), "\"leftMs\":359")) << snapshot();
    EXPECT_TRUE(has(snapshot_of(unlimited.ident()), "\"leftMs\":null")) << snapshot();
    lock.unlock();
}

TEST(Snapshot, SaysWhomAJoinerWaitsFor) {
    Event end;
    Thread sleeper([&] { end.wait(kNever, Interruptible::no); });
    const heddle_ident_t ident = sleeper.ident();
    std::atomic<int> error{-1};
    Thread joiner([&] { error = heddle_thread_join(ident, 20 * kSecond, false) == 0 ? 0 : 1; });
    wait_until_waiting(joiner.ident(), "thread");
    EXPECT_TRUE(has(snapshot_of(joiner.ident()), "\"heldBy\":" + std::to_string(ident)));
    end.set();
    joiner.join();
    EXPECT_EQ(error, 0);
    sleeper.forget();  // its right to join is used up
}

TEST(Snapshot, CutsNamesBetweenCharacters) {
    const std::string name = std::string(61, 'x') + "🧵🧵";
    Thread thread([&] {
        heddle_thread_set_name(name.c_str());
        EXPECT_TRUE(has(snapshot_of(heddle_thread_self()), "\"" + std::string(61, 'x') + "\""));
    });
}

TEST(Snapshot, IsCutToTheCapacityAndSaysWhatItNeeds) {
    char buffer[16];
    const size_t needed = heddle_threads_snapshot(buffer, sizeof buffer);
    EXPECT_GT(needed, sizeof buffer);
    EXPECT_EQ(strlen(buffer), sizeof buffer - 1);
    EXPECT_EQ(heddle_threads_snapshot(nullptr, 0), needed);
}

// Hammers snapshots against threads that start, wait, rename themselves and end; the locks that are
// waited for live on stacks, so a reader that came too late would touch freed memory.
TEST(Snapshot, CanBeTakenDuringChurn) {
    std::atomic<uint32_t> running{4};
    Thread reader([&] {
        do {
            const std::string text = snapshot();
            EXPECT_TRUE(is_balanced(text)) << text;
        } while (running > 0);
    });
    run_threads(4, [&](uint32_t index) {
        Random random(index + 1);
        for (uint32_t i = 0; i < scaled(400); i++) {
            auto lock = std::make_unique<Lock>();
            lock->lock();
            const char* const name = random.below(2) == 0 ? "a" : "bb\"";
            Thread waiter([&] {
                heddle_thread_set_name(name);
                lock->lock();
                lock->unlock();
            });
            work(random.below(20'000));
            lock->unlock();
        }
        running--;
    });
}

}  // namespace
}  // namespace heddle::test

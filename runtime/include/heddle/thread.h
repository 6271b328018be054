// Threads: what C++ code needs of the thread table beyond the functions of heddle.h.
// SPDX-License-Identifier: MIT
//
// Starting, joining and naming threads is heddle.h's business. This header adds the few numbers that tests and hosts
// look at, and includes the inline access to the calling thread's ident.
#ifndef HEDDLE_THREAD_H_
#define HEDDLE_THREAD_H_

#include <cstddef>
#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/ident.h"

namespace heddle {

// Records in the table: threads, the main thread and foreign ones together.
inline constexpr uint32_t kMaxThreads = 1024;
// The most heddle_thread_set_limit() accepts; the other records are for foreign threads.
inline constexpr uint32_t kMaxStartedThreads = 960;
inline constexpr uint32_t kDefaultThreadLimit = 256;
// How long a look at the threads waits for locks whose holder may be gone: longer than a busy system takes a core away
// from a holder. A list without all its threads would make a panel flicker.
inline constexpr int64_t kLookPatienceNs = 50'000'000;

// Carriers that stay idle at most, until heddle_thread_warm() says otherwise.
inline constexpr uint32_t kDefaultIdleCarriers = 8;
// Stack sizes: what a thread gets that asks for 0, and the step they are rounded up to.
inline constexpr size_t kDefaultStackBytes = size_t{1} << 20;
inline constexpr size_t kStackStepBytes = 4096;
inline constexpr uint32_t kMainNativeId = 1;

// Records in use at this moment, ended threads that wait to be joined included.
uint32_t thread_records_in_use();

// Carriers at this moment: those that run a thread, wait for one, or are being made.
struct CarrierCounts {
    uint32_t starting;
    uint32_t running;
    uint32_t idle;
};
CarrierCounts carrier_counts();

}  // namespace heddle

#endif  // HEDDLE_THREAD_H_

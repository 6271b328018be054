// Prompt: the text that a waiting reader shows, passed to the host without a lock.
// SPDX-License-Identifier: MIT
//
// The reader leaves a malloc()ed copy in mail_. A thread that takes a text out of mail_ owns it. So
// the host may keep the one it shows for as long as it likes, whatever the readers do meanwhile.
#ifndef HEDDLE_WASM_CONSOLE_PROMPT_H_
#define HEDDLE_WASM_CONSOLE_PROMPT_H_

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace heddle {

class Prompt {
  public:
    constexpr Prompt() = default;

    // Shows a copy of text from now on; null: no prompt. Any one thread at a time.
    void show(const char* text) {
        char* copy = text != nullptr ? strdup(text) : nullptr;
        // release: the host thread reads the copy. acquire: we free what another thread wrote.
        drop(mail_.exchange(copy != nullptr ? copy : kNothing, std::memory_order_acq_rel));
    }

    // The text shown, or null; good until the next call. Host thread only; never blocks.
    const char* current() {
        char* news = mail_.exchange(nullptr, std::memory_order_acq_rel);  // pairs with show()
        if (news != nullptr) {
            std::free(current_);
            current_ = news == kNothing ? nullptr : news;
        }
        return current_;
    }

  private:
    static void drop(char* text) {
        if (text != kNothing) std::free(text);
    }

    static inline char nothing_ = 0;
    static constexpr char* kNothing = &nothing_;  // in mail_: the prompt was taken away

    std::atomic<char*> mail_{nullptr};  // null: no news since current() looked
    char* current_ = nullptr;           // the host thread's
};

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_PROMPT_H_

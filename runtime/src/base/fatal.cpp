// Fatal states: one line that says what was seen, then a trap.
// SPDX-License-Identifier: MIT
#include "base/fatal.h"

#include "base/platform.h"
#include "heddle/text_writer.h"

namespace heddle {

void fatal(const char* where, const char* what, uint64_t value) {
    char line[256];
    TextWriter text(line, sizeof line);
    text.put("heddle: fatal: ");
    text.put(where);
    text.put("(): ");
    text.put(what);
    text.put(" (value ");
    text.put_number(value);
    text.put(")");
    text.finish();
    platform::die(line);
}

}  // namespace heddle

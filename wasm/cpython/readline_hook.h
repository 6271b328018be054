// Lets the host edit lines that Python reads from a terminal (the prompt, input()).
// SPDX-License-Identifier: MIT
#pragma once

namespace heddle {
// Call before Python is initialised.
void install_readline_hook();
}  // namespace heddle

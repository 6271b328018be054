# mimalloc's header defines __wasi__ on this platform, which is none; the depth is the one of other systems.
# SPDX-License-Identifier: MIT
s/^#elif defined(__wasi__)$/#elif 0/

# Looking for a file's encoding needs a descriptor that can be moved: dup() is cheap here, and the way around it is not.
# SPDX-License-Identifier: MIT
s/^#if defined(__wasi__) || (defined(__EMSCRIPTEN__).*$/#if 0/

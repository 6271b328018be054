// Older glibc: what the toolchain's libstdc++ wants from glibc 2.38 and Debian 12's 2.36 lacks.
// SPDX-License-Identifier: MIT
//
// Linked in, these take the place of glibc's. check_glibc.sh tells when something is missing here.

extern "C" {

// Declared by its symbol, because <stdlib.h> would turn the name into the newer one's.
unsigned long older_strtoul(const char* text, char** end, int base) __asm__("strtoul");

// The C23 form differs in that it reads 0b101 too, which libstdc++ never gives it.
unsigned long __isoc23_strtoul(const char* text, char** end, int base) {
    return older_strtoul(text, end, base);
}

}  // extern "C"

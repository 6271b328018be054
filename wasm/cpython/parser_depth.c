// How deep CPython's parser may recurse: as deep as the stack that is left allows.
// SPDX-License-Identifier: MIT
//
// The parser counts its nested rules up in Parser.level and raises MemoryError at MAXSTACK, a
// number meant for a desktop's stack. It is linked with --wrap=_PyPegen_parse, so that each run
// comes through here first and starts with those levels counted that it may not have. (C, because
// CPython's header of the parser does not compile as C++.)
#include "../Parser/pegen.h"
#include "pycore_pystate.h"  // _PyThreadState_GET

// MAXSTACK in Parser/parser.c.
#define MAX_RULES 6000
// For each level of C recursion that is left, of c_recursion.h's kNativeBytesPerLevel bytes. A rule
// takes at most 185 of them ("not not not ..."), and as a rule a third of that; a pair of
// parentheses is 30 rules.
#define RULES_PER_LEVEL 3

void* __real__PyPegen_parse(Parser* parser);

void* __wrap__PyPegen_parse(Parser* parser) {
    const int left = _PyThreadState_GET()->c_recursion_remaining;
    const int rules = left > 0 ? left * RULES_PER_LEVEL : 0;
    parser->level = rules < MAX_RULES ? MAX_RULES - rules : 0;
    void* tree = __real__PyPegen_parse(parser);
    parser->level = 0;
    return tree;
}

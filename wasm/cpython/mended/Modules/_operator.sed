# methodcaller's tp_clear gives nothing, and the collector calls it for an int: a trap in wasm.
# SPDX-License-Identifier: MIT
/^static void$/ {
    N
    s/^static void\nmethodcaller_clear/static int\nmethodcaller_clear/
}
/^methodcaller_clear(\|\nmethodcaller_clear(/,/^}$/ s/^}$/    return 0;\n}/

# Runs in __main__ before each program: what an earlier one left behind goes away.
# SPDX-License-Identifier: MIT
def _begin(program):
    import linecache
    import os
    import sys
    import traceback  # noqa: F401 -- it is needed when an error, or Stop, is in a hurry

    home = "/home/user"
    os.chdir(home)
    sys.argv[:] = [program]
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
    sys.setswitchinterval(0.005)
    linecache.checkcache()
    for name, module in list(sys.modules.items()):
        if name != "__main__" and (getattr(module, "__file__", None) or "").startswith(home):
            del sys.modules[name]  # the user's own modules may have been edited
    main = sys.modules["__main__"].__dict__
    for name in list(main):
        if not (name.startswith("__") and name.endswith("__")):
            del main[name]
    main["__file__"] = f"{home}/{program}"
    main.pop("__annotations__", None)


_begin(_program)

# Prints the slots of all types and modules that there are, once everything that can be imported has been.
# SPDX-License-Identifier: MIT
#
#   python list.py [wrong]

import gc
import importlib
import json
import pkgutil
import sys
import types

import _heddle_slots

NOT_NOW = {"antigravity", "this", "__main__", "idlelib", "test", "turtledemo", "pip", "ensurepip", "lib2to3"}
names = {*sys.builtin_module_names, *(module.name for module in pkgutil.iter_modules() if module.name in sys.stdlib_module_names)}
for name in sorted(names - NOT_NOW):
    try:
        importlib.import_module(name)
    except Exception:  # what cannot be imported has no types
        pass

found = {}
waiting = [object, *gc.get_objects()]
if "wrong" in sys.argv:
    waiting.append(_heddle_slots.wrong_type())
while waiting:
    thing = waiting.pop()
    for one in (thing, type(thing)):
        if id(one) in found or not isinstance(one, (type, types.ModuleType)):
            continue
        found[id(one)] = one
        if isinstance(one, type):
            waiting.extend(type.__subclasses__(one))
            waiting.extend(one.__dict__.values())
print(json.dumps(_heddle_slots.slots(list(found.values()))))

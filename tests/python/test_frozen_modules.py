"""A module of urllib3's that Heddle has in its place, found by a urllib3 that somebody installed."""
# SPDX-License-Identifier: MIT
import importlib
import os
import sys
import tempfile
import unittest

from support import heddle_only


@heddle_only("a native Python needs no such module")
class Urllib3Tests(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        os.makedirs(os.path.join(folder, "urllib3/contrib/emscripten"))
        for name in ("urllib3", "urllib3/contrib"):
            open(os.path.join(folder, name, "__init__.py"), "w").close()
        with open(os.path.join(folder, "urllib3/contrib/emscripten/__init__.py"), "w") as file:
            file.write("import js")
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in list(sys.modules) if name.startswith("urllib3")])

    def test_its_emscripten_module_is_one_that_does_nothing(self):
        module = importlib.import_module("urllib3.contrib.emscripten")
        self.assertIsNone(module.inject_into_urllib3())

    def test_without_urllib3_nothing_lists_it(self):
        self.assertEqual([], [name for name in sys.builtin_module_names if "urllib3" in name])
        self.assertNotIn("urllib3", sys.modules)


if __name__ == "__main__":
    unittest.main()

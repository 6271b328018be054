"""Promises about names: what _thread offers, its aliases, its docstrings, and what other modules import."""
# SPDX-License-Identifier: MIT
import _thread
import inspect
import pydoc
import unittest

from support import ThreadTestCase, heddle_only

#: Everything the documentation of the module names.
DOCUMENTED = ("error", "LockType", "start_new_thread", "interrupt_main", "exit", "allocate_lock", "get_ident",
              "get_native_id", "stack_size", "TIMEOUT_MAX")

#: What threading, functools, importlib, tempfile, reprlib and the tests of CPython take from it besides.
USED_BY_THE_LIBRARY = ("RLock", "_ExceptHookArgs", "_ThreadHandle", "_count", "_excepthook",
                       "_get_main_thread_ident", "_is_main_interpreter", "_local", "_make_thread_handle",
                       "_shutdown", "daemon_threads_allowed", "lock", "start_joinable_thread")

OLD_ALIASES = {"start_new": "start_new_thread", "allocate": "allocate_lock", "exit_thread": "exit"}

LOCK_ALIASES = {"acquire_lock": "acquire", "release_lock": "release", "locked_lock": "locked"}


class NameTests(ThreadTestCase):
    def test_every_documented_name_is_there(self):
        for name in DOCUMENTED:
            with self.subTest(name=name):
                self.assertTrue(hasattr(_thread, name))

    def test_every_name_that_the_library_uses_is_there(self):
        for name in USED_BY_THE_LIBRARY:
            with self.subTest(name=name):
                self.assertTrue(hasattr(_thread, name))

    def test_error_is_the_built_in_runtime_error(self):
        self.assertIs(RuntimeError, _thread.error)

    def test_both_names_of_the_lock_type_mean_the_same(self):
        self.assertIs(_thread.LockType, _thread.lock)
        self.assertEqual(("lock", "_thread"), (_thread.lock.__qualname__, _thread.lock.__module__))

    def test_the_old_names_of_functions_still_work(self):
        for old, new in OLD_ALIASES.items():
            with self.subTest(old=old):
                self.assertTrue(callable(getattr(_thread, old)))
        self.assertIs(type(_thread.allocate()), _thread.LockType)
        with self.assertRaises(SystemExit):
            _thread.exit_thread()
        lock = _thread.allocate_lock()
        lock.acquire()
        _thread.start_new(lock.release, ())
        self.assertTrue(lock.acquire(timeout=20))

    def test_the_old_names_of_lock_methods_still_work(self):
        lock = _thread.allocate_lock()
        self.assertIs(True, lock.acquire_lock())
        self.assertIs(True, lock.locked_lock())
        self.assertIs(False, lock.acquire_lock(False))
        self.assertIs(False, lock.acquire_lock(timeout=0.001))
        self.assertIsNone(lock.release_lock())
        self.assertIs(False, lock.locked_lock())

    def test_the_types_belong_to_the_module(self):
        for name in ("lock", "RLock", "_local", "_ThreadHandle", "_ExceptHookArgs"):
            with self.subTest(name=name):
                self.assertEqual("_thread", getattr(_thread, name).__module__)
                self.assertEqual(name, getattr(_thread, name).__name__)

    def test_questions_about_the_interpreter_are_answered(self):
        self.assertIs(True, _thread._is_main_interpreter())
        self.assertIs(True, _thread.daemon_threads_allowed())

    def test_a_handle_for_a_foreign_thread_can_be_made(self):
        handle = _thread._make_thread_handle(_thread.get_ident())
        self.assertEqual(_thread.get_ident(), handle.ident)
        self.assertFalse(handle.is_done())
        handle._set_done()
        self.assertTrue(handle.is_done())
        handle.join()


class DocstringTests(ThreadTestCase):
    def assert_has_docstring(self, name, thing):
        doc = inspect.getdoc(thing)
        self.assertTrue(doc and len(doc.strip()) >= 10, f"{name} has no docstring worth the name: {doc!r}")

    def test_the_module_has_one(self):
        self.assert_has_docstring("_thread", _thread)

    def test_every_public_function_has_one(self):
        for name in sorted(set(dir(_thread))):
            thing = getattr(_thread, name)
            if not name.startswith("__") and inspect.isbuiltin(thing):
                with self.subTest(name=name):
                    self.assert_has_docstring(name, thing)

    def test_the_lock_type_and_its_methods_have_one(self):
        self.assert_has_docstring("lock", _thread.LockType)
        for name in ("acquire", "release", "locked", *LOCK_ALIASES, "__enter__", "__exit__"):
            with self.subTest(name=name):
                self.assert_has_docstring(name, getattr(_thread.LockType, name))

    def test_the_rlock_methods_have_one(self):
        for name in ("acquire", "release", "_is_owned", "_recursion_count"):
            with self.subTest(name=name):
                self.assert_has_docstring(name, getattr(_thread.RLock, name))

    @heddle_only("CPython leaves RLock and _ThreadHandle without docstrings")
    def test_every_type_has_one(self):
        for name in ("lock", "RLock", "_local", "_ThreadHandle", "_ExceptHookArgs"):
            with self.subTest(name=name):
                self.assert_has_docstring(name, vars(_thread)[name])
                self.assertTrue(vars(_thread)[name].__doc__)

    def test_help_can_show_the_module(self):
        text = pydoc.plain(pydoc.render_doc(_thread))
        for name in set(DOCUMENTED) - {"error"}:  # pydoc leaves out what belongs to another module
            with self.subTest(name=name):
                self.assertIn(name, text)


if __name__ == "__main__":
    unittest.main()

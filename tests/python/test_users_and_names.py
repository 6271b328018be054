"""The one user, and the names of the network that are known without one."""
# SPDX-License-Identifier: MIT

import getpass
import grp
import os
import pwd
import socket
import unittest

from support import heddle_only


class Users(unittest.TestCase):
    def test_the_user_is_found_by_number_and_by_name(self):
        user = pwd.getpwuid(os.getuid())
        self.assertEqual(pwd.getpwnam(user.pw_name), user)
        self.assertIn(user, pwd.getpwall())
        self.assertTrue(os.path.isabs(user.pw_dir))

    def test_the_group_is_found(self):
        group = grp.getgrgid(os.getgid())
        self.assertEqual(grp.getgrnam(group.gr_name), group)
        self.assertIn(group, grp.getgrall())

    def test_others_are_not_there(self):
        with self.assertRaisesRegex(KeyError, "name not found: 'nobody-of-this-name'"):
            pwd.getpwnam("nobody-of-this-name")
        with self.assertRaises(KeyError):
            pwd.getpwuid(2**31 - 2)
        with self.assertRaises(KeyError):
            grp.getgrnam("no-group-of-this-name")

    def test_a_user_may_stay_what_it_is(self):
        os.setuid(os.getuid())
        os.setgid(os.getgid())
        os.setreuid(-1, -1)
        os.setregid(-1, os.getgid())

    @heddle_only("there is one user")
    def test_it_becomes_nobody_else(self):
        for become, ids in (os.setuid, [1]), (os.setgid, [1]), (os.setreuid, [-1, 1]), (os.setregid, [1, -1]):
            with self.assertRaises(PermissionError):
                become(*ids)

    @heddle_only("there is one user")
    def test_all_say_the_same(self):
        self.assertEqual([user.pw_uid for user in pwd.getpwall()], [os.getuid()])
        if "USER" in os.environ:
            self.assertEqual(getpass.getuser(), pwd.getpwuid(os.getuid()).pw_name)


class Names(unittest.TestCase):
    def test_localhost_is_this_machine(self):
        self.assertEqual(socket.gethostbyname("localhost"), "127.0.0.1")
        found = socket.getaddrinfo("localhost", 80, socket.AF_INET, socket.SOCK_STREAM)
        self.assertEqual(found[0][4], ("127.0.0.1", 80))

    def test_addresses_in_numbers_are_read(self):
        self.assertEqual(socket.getaddrinfo("1.2.3.4", "8080", type=socket.SOCK_DGRAM)[0][4], ("1.2.3.4", 8080))
        self.assertEqual(socket.getnameinfo(("1.2.3.4", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV), ("1.2.3.4", "80"))
        self.assertEqual(socket.getprotobyname("tcp"), socket.IPPROTO_TCP)

    def test_a_name_that_nobody_has_is_an_error(self):
        with self.assertRaises(socket.gaierror):
            socket.getaddrinfo("no-such-name.invalid", 80)

    def test_options_that_servers_set_have_names(self):
        self.assertEqual((socket.SO_REUSEADDR, socket.SO_REUSEPORT), (2, 15))


class LeftOut(unittest.TestCase):
    def test_modules_in_python_beside_those_in_c(self):
        import _pydatetime
        import _pydecimal
        import _pyio

        self.assertEqual(str(_pydecimal.Decimal("1.1") + 1), "2.1")
        self.assertEqual(_pyio.BytesIO(b"x").read(), b"x")
        self.assertEqual(_pydatetime.date(2025, 1, 2).isoformat(), "2025-01-02")


if __name__ == "__main__":
    unittest.main()

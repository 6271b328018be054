"""hashlib's keys from passwords: the values of RFC 6070 and RFC 7914, and the errors of what cannot be."""
# SPDX-License-Identifier: MIT

import hashlib
import hmac
import threading
import unittest


class Pbkdf2(unittest.TestCase):
    def test_values(self):
        for name, password, salt, iterations, size, key in (
            ("sha1", b"password", b"salt", 1, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
            ("sha1", b"password", b"salt", 4096, 20, "4b007901b765489abead49d926f721d065a429c1"),
            ("sha1", b"pass\0word", b"sa\0lt", 4096, 16, "56fa6aa75548099dcc37d7f03425e0c3"),
            (
                "sha1", b"passwordPASSWORDpassword", b"saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25,
                "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
            ),
            ("sha256", b"password", b"salt", 2, 32, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
        ):  # fmt: skip
            self.assertEqual(hashlib.pbkdf2_hmac(name, password, salt, iterations, size).hex(), key)

    def test_it_is_hmac_over_and_over(self):
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b"):
            for size in (0, 1, 63, 64, 65, 111, 112, 127, 128, 129, 300):
                password, salt = b"p" * size, b"s" * size
                first = hmac.digest(password, salt + b"\0\0\0\1", name)
                second = hmac.digest(password, first, name)
                both = bytes(a ^ b for a, b in zip(first, second))
                self.assertEqual(hashlib.pbkdf2_hmac(name, password, salt, 2), both, (name, size))

    def test_what_cannot_be(self):
        for error, text, arguments in (
            (ValueError, "unsupported", ("nothing", b"p", b"s", 1)),
            (ValueError, "iteration value must be greater than 0", ("sha1", b"p", b"s", 0)),
            (ValueError, "key length must be greater than 0", ("sha1", b"p", b"s", 1, 0)),
            (TypeError, "", ("sha1", "text", b"s", 1)),
            (TypeError, "", (b"sha1", b"p", b"s", 1)),
            (TypeError, "", ("sha1", b"p", b"s", "1")),
        ):
            with self.assertRaisesRegex(error, text):
                hashlib.pbkdf2_hmac(*arguments)

    def test_threads_work_at_the_same_time(self):
        keys = []
        threads = [
            threading.Thread(target=lambda: keys.append(hashlib.pbkdf2_hmac("sha256", b"p", b"s", 20_000))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(keys, [hashlib.pbkdf2_hmac("sha256", b"p", b"s", 20_000)] * 4)


class Scrypt(unittest.TestCase):
    def test_values(self):
        for password, salt, n, r, p, start in (
            (b"", b"", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
            (b"password", b"NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
            (b"pleaseletmein", b"SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"),
        ):
            key = hashlib.scrypt(password, salt=salt, n=n, r=r, p=p)
            self.assertEqual((key[:32].hex(), len(key)), (start, 64))

    def test_what_cannot_be(self):
        good = {"salt": b"s", "n": 2, "r": 8, "p": 1}
        for error, text, change in (
            (ValueError, "n must be a power of 2", {"n": 3}),
            (ValueError, "n must be a power of 2", {"n": 1}),
            (ValueError, "maxmem must be positive and smaller than 2147483647", {"maxmem": -1}),
            (ValueError, "dklen must be greater than 0 and smaller than 2147483647", {"dklen": 0}),
            (ValueError, "", {"n": 2**20}),
            (ValueError, "", {"n": 1024, "maxmem": 1000}),
            (ValueError, "", {"r": 0}),
            (ValueError, "", {"p": 0}),
            (TypeError, "a bytes-like object is required, not 'NoneType'", {"salt": None}),
            (TypeError, r"scrypt\(\) argument 'n' must be int, not str", {"n": "8"}),
            (TypeError, "", {"n": None}),
            (TypeError, "", {"r": "8"}),
        ):
            with self.assertRaisesRegex(error, text):
                hashlib.scrypt(b"p", **{**good, **change})


class Hashes(unittest.TestCase):
    def test_hmac_and_the_hashes_are_as_before(self):
        self.assertEqual(hmac.new(b"k", b"m", "sha256").hexdigest(), hmac.new(b"k", b"m", hashlib.sha256).hexdigest())
        self.assertTrue({"sha256", "blake2b", "sha3_256"} <= hashlib.algorithms_available)
        self.assertTrue(hmac.compare_digest("a", "a"))
        with self.assertRaisesRegex(ValueError, "unsupported hash type nothing"):
            hashlib.new("nothing")
        self.assertEqual(hashlib.pbkdf2_hmac("SHA256", b"p", b"s", 1), hashlib.pbkdf2_hmac("sha256", b"p", b"s", 1))


if __name__ == "__main__":
    unittest.main()

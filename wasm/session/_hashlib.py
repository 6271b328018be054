"""What hashlib takes from OpenSSL elsewhere: keys from passwords. The hashes are CPython's own here."""
# SPDX-License-Identifier: MIT

import _operator as operator

from _blake2 import blake2b, blake2s
from _md5 import md5 as openssl_md5
from _sha1 import sha1 as openssl_sha1
from _sha2 import sha224 as openssl_sha224
from _sha2 import sha256 as openssl_sha256
from _sha2 import sha384 as openssl_sha384
from _sha2 import sha512 as openssl_sha512
from _sha3 import sha3_224 as openssl_sha3_224
from _sha3 import sha3_256 as openssl_sha3_256
from _sha3 import sha3_384 as openssl_sha3_384
from _sha3 import sha3_512 as openssl_sha3_512
from _sha3 import shake_128 as openssl_shake_128
from _sha3 import shake_256 as openssl_shake_256

import _heddle_keys

__all__ = []

compare_digest = operator._compare_digest
#: The hashes that OpenSSL would bring beside CPython's own.
openssl_md_meth_names = frozenset()

_MISSING = object()
_MOST = 2**31 - 1
# OpenSSL's own bound where none is given.
_SCRYPT_MEMORY = 32 * 1024 * 1024


class UnsupportedDigestmodError(ValueError):
    pass


def _not_here(name="", *_, **__):
    raise UnsupportedDigestmodError(f"unsupported hash type {name}")


hmac_new = hmac_digest = _not_here

# CPython's own hashes under the names that OpenSSL's have.
_CONSTRUCTORS = {
    name: constructor
    for name, constructor in globals().items()
    if name.startswith("openssl_") and callable(constructor)
} | {"openssl_blake2b": blake2b, "openssl_blake2s": blake2s}


def new(name, *data, **options):
    constructor = _CONSTRUCTORS.get(f"openssl_{name}".lower().replace("-", "_"))
    return constructor(*data, **options) if constructor else _not_here(name)


def get_fips_mode():
    return 0


def _bytes(value):
    if isinstance(value, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    try:
        return memoryview(value)
    except TypeError:
        raise TypeError(f"a bytes-like object is required, not '{type(value).__name__}'") from None


def _size(name, value):
    if value is _MISSING:
        raise TypeError(f"{name} is required and must be an unsigned int")
    if not isinstance(value, int):
        kind = "None" if value is None else type(value).__name__
        raise TypeError(f"scrypt() argument '{name}' must be int, not {kind}")
    if not 0 <= value < 2**32:
        raise TypeError(f"{name} is required and must be an unsigned int")
    return value


def _long(value):
    number = operator.index(value)
    if not -_MOST <= number + 1 <= _MOST + 1:
        raise OverflowError("Python int too large to convert to C long")
    return number


def _derive_with(hash_name, password, salt, iterations, size):
    """PBKDF2 over hmac, for the hashes that _heddle_keys does not know. size: None for the hash's own."""
    import hmac

    try:
        keyed = hmac.new(bytes(password), digestmod=hash_name)
    except ValueError as error:
        raise UnsupportedDigestmodError(str(error)) from None
    size = size or keyed.digest_size

    def digest(message):
        copy = keyed.copy()
        copy.update(message)
        return copy.digest()

    key = b""
    while len(key) < size:
        last = digest(bytes(salt) + (len(key) // keyed.digest_size + 1).to_bytes(4, "big"))
        total = int.from_bytes(last, "big")
        for _ in range(iterations - 1):
            last = digest(last)
            total ^= int.from_bytes(last, "big")
        key += total.to_bytes(keyed.digest_size, "big")
    return key[:size]


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """A key from a password, by PBKDF2 with HMAC on the named hash. dklen is its size, else the hash's own."""
    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {type(hash_name).__name__}")
    password, salt, iterations = _bytes(password), _bytes(salt), _long(iterations)
    hash_name = hash_name.lower()
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    size = dklen if dklen is None else _long(dklen)
    if size is not None and size < 1:
        raise ValueError("key length must be greater than 0.")
    known = _heddle_keys.digest_size(hash_name)
    if known is not None:
        return _heddle_keys.pbkdf2(hash_name, password, salt, iterations, size or known)
    return _derive_with(hash_name, password, salt, iterations, size)


def scrypt(password, *, salt=_MISSING, n=_MISSING, r=_MISSING, p=_MISSING, maxmem=0, dklen=64):
    """A key from a password, by scrypt. It takes about 128 * n * r bytes of memory."""
    password = _bytes(password)
    if salt is _MISSING:
        raise TypeError("salt is required")
    salt = _bytes(salt)
    n = _size("n", n)
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    r, p = _size("r", r), _size("p", p)
    maxmem, dklen = operator.index(maxmem), operator.index(dklen)
    if not 0 <= maxmem <= _MOST:
        raise ValueError(f"maxmem must be positive and smaller than {_MOST}")
    if not 1 <= dklen <= _MOST:
        raise ValueError(f"dklen must be greater than 0 and smaller than {_MOST}")
    if _heddle_keys.scrypt_memory(n, r, p) > (maxmem or _SCRYPT_MEMORY):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    return _heddle_keys.scrypt(password, salt, n, r, p, dklen)

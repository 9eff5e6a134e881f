"""Argon2id password hashes as PHC strings.  The salt is an argument; the cost is a setting."""

from __future__ import annotations

import threading

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB, LANES, LENGTH = 19 * 1024, 1, 32
_AT_ONCE = threading.BoundedSemaphore(4)


def hash_password(password: str, *, salt: bytes, passes: int) -> str:
    """About 20 ms and 19 MiB a pass; at most four at once in a process."""
    with _AT_ONCE:
        return _kdf(salt, passes).derive_phc_encoded(password.encode())


def is_right(password: str, stored: str) -> bool:
    """Whether `password` is the one that `stored` was made of.  Constant time."""
    with _AT_ONCE:
        try:
            Argon2id.verify_phc_encoded(password.encode(), stored)
        except (InvalidKey, ValueError):
            return False
        return True


def is_outdated(stored: str, *, passes: int) -> bool:
    """Made at another cost than today's, so that it is to be made again at the next sign-in."""
    return f"m={MEMORY_KIB},t={passes},p={LANES}" not in stored


def _kdf(salt: bytes, passes: int) -> Argon2id:
    return Argon2id(
        salt=salt, length=LENGTH, iterations=passes, lanes=LANES, memory_cost=MEMORY_KIB
    )

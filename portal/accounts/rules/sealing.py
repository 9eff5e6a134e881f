"""Secrets that are kept encrypted: AES-256-GCM, bound to the row they belong to.

The key is derived from the portal's secret.  Several secrets can be named while one is replaced by
another: the first seals, all of them open.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
_PURPOSE = b"portal: second factors"


class Unreadable(Exception):
    """What is kept was changed, or sealed by a secret that is no longer named."""


def seal(plain: bytes, *, secrets: Sequence[str], about: str, nonce: bytes) -> str:
    """`about` names the row; what is sealed for one row does not open for another.

    `nonce` is NONCE random bytes that are used once.
    """
    sealed = AESGCM(_key(secrets[0])).encrypt(nonce, plain, about.encode())
    return f"{_name(secrets[0])}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(kept: str, *, secrets: Sequence[str], about: str) -> bytes:
    """Raises Unreadable."""
    name, _, text = kept.partition(".")
    secret = next((secret for secret in secrets if _name(secret) == name), None)
    if secret is None:
        raise Unreadable(about)
    raw = base64.urlsafe_b64decode(text)
    try:
        return AESGCM(_key(secret)).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
    except InvalidTag as error:
        raise Unreadable(about) from error


def _key(secret: str) -> bytes:
    derived: bytes = HKDF(SHA256(), 32, None, _PURPOSE).derive(secret.encode())
    return derived


def _name(secret: str) -> str:
    """Which secret it was, without telling the secret."""
    return hashlib.sha256(_key(secret)).hexdigest()[:8]

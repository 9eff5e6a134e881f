"""Second factors as codes: six digits that an app shows (TOTP), and recovery codes on paper."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from pyotp import TOTP

STEP = 30
DRIFT = 1
"""How many steps of 30 seconds a phone's clock may be off, either way."""

SECRET_BYTES = 20
RECOVERY_CODES = 10
_RECOVERY_BYTES = 15


def secret_text(secret: bytes) -> str:
    """As authenticator apps take it typed."""
    return base64.b32encode(secret).decode()


def provisioning_uri(secret: bytes, *, email: str, issuer: str) -> str:
    return TOTP(secret_text(secret)).provisioning_uri(name=email, issuer_name=issuer)


def step_of(code: str, secret: bytes, *, now: dt.datetime, last_step: int) -> int | None:
    """The step whose code this is, if later than the last one used; None if it is none.

    A step counts once, so that a code read over a shoulder is worth nothing.
    """
    digits = "".join(code.split())
    totp = TOTP(secret_text(secret))
    current = int(now.timestamp()) // STEP
    for step in range(current - DRIFT, current + DRIFT + 1):
        is_right = hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode())
        if is_right and step > last_step:
            return step
    return None


def recovery_code(token: str) -> str:
    """Four groups of six letters and digits, 120 bits, made of a fresh random token."""
    raw = hashlib.sha256(token.encode()).digest()[:_RECOVERY_BYTES]
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[place : place + 6] for place in range(0, len(text), 6))


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code; hyphens, spaces and case do not matter.

    120 random bits cannot be guessed, so a plain hash is enough.
    """
    typed = "".join(code.replace("-", "").split()).casefold()
    return hashlib.sha256(typed.encode()).hexdigest()

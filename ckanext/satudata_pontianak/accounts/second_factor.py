"""Codes of a telephone (RFC 6238) and printed ones; and who has to have them. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable

import segno
from pyotp import random_base32
from pyotp.totp import TOTP

from ..agencies.rules.duties import DECIDING, Actor, Duty

STEP = 30
"""How many seconds a code holds."""

DIGITS = 6
LONGEST = 40
"""No code is longer, with all its blanks and dashes."""

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_HALF = 5


def deciding(acting: Iterable[str]) -> frozenset[Duty]:
    """Return the duties beyond producing data that are among those who take a step.

    :param acting: who takes the steps of a workflow, as its definition names them.
    """
    names = frozenset(acting)
    return frozenset(duty for duty in DECIDING if duty.value in names)


def is_needed(actor: Actor, duties: Collection[Duty]) -> bool:
    """Tell whether a person needs a second factor: who decides, and who runs the site."""
    return actor.active and (actor.sysadmin or bool(actor.duties & frozenset(duties)))


def new_secret() -> str:
    """Return a new key for a telephone."""
    return random_base32()


def address(secret: str, name: str, site: str) -> str:
    """Return what a telephone reads from the picture."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=site)


def picture(text: str) -> str:
    """Return a picture of a text as an SVG in a ``data:`` address, black on white."""
    return segno.make(text, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )


def spelled(secret: str) -> str:
    """Return a key in groups of four letters, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def normal(code: str) -> str:
    """Return a code without what people put between its letters."""
    return "".join(sign for sign in code[:LONGEST].upper() if sign.isascii() and sign.isalnum())


def matching_step(secret: str, code: str, moment: float, drift: int) -> int | None:
    """Return the half minute whose code this is, ``None`` where it is none of those near.

    :param secret: the key.
    :param code: what was typed, as :func:`normal` gives it.
    :param moment: seconds since 1970.
    :param drift: how many half minutes the telephone's clock may be wrong.
    """
    if len(code) != DIGITS or not code.isdigit():
        return None
    totp, now = TOTP(secret), int(moment) // STEP
    found = None
    for step in range(now - drift, now + drift + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def new_recovery_codes(count: int) -> list[str]:
    """Return printed codes: ten letters and digits that are not taken for one another."""
    made = ["".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF)) for _ in range(count)]
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in made]


def digest(key: bytes, user_id: str, code: str) -> str:
    """Return what is stored of a printed code."""
    said = f"{user_id} {normal(code)}".encode()
    mac = hmac.new(key, b"satudata recovery " + said, hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).decode()

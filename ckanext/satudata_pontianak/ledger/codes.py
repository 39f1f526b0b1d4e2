"""The short code of a receipt: random, so that nobody counts through them, and safe to write down.

Sixteen signs of Crockford's Base32 (https://www.crockford.com/base32.html) are 80 random bits. The
seventeenth checks them: a sum over GF(32) with another weight at each place, so that one wrong sign
is always noticed, and so are any two that changed places.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_POLYNOMIAL = 0b100101
"""x⁵ + x² + 1, by which x makes every element of GF(32) but 0."""

_GROUP = "[0-9A-Za-z]{4}"
_CODE = re.compile(rf"(?<![0-9A-Za-z])(?:{_GROUP}[-\s]?){{3}}[0-9A-Za-z]{{5}}(?![0-9A-Za-z])")


def new() -> str:
    """Return a new code, as it is kept: without its check sign and without groups."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def check_sign(code: str) -> str:
    """Return the sign that checks a code as it is kept."""
    total = 0
    for sign in code:
        total = _doubled(total ^ _VALUES[sign])
    return ALPHABET[total]


def shown(code: str) -> str:
    """Return a code as people read it: in groups, its check sign last."""
    parts = [code[at : at + 4] for at in range(0, LENGTH, 4)]
    return "-".join(parts) + check_sign(code)


def found(text: str) -> tuple[list[str], bool]:
    """Return the codes in a text, as they are kept, and whether something only looks like one.

    Small letters count as large ones, O as 0, I and L as 1; groups may be parted by a hyphen, by
    space or not at all.
    """
    codes, slip = [], False
    for match in _CODE.finditer(text):
        signs = re.sub(r"[-\s]", "", match[0]).upper()
        if set(signs) - set(_VALUES):
            slip = slip or any(sign.isdigit() for sign in signs)
            continue
        code = "".join(ALPHABET[_VALUES[sign]] for sign in signs)
        if check_sign(code[:LENGTH]) == code[LENGTH]:
            codes.append(code[:LENGTH])
        else:
            slip = True
    return list(dict.fromkeys(codes)), slip


def _doubled(value: int) -> int:
    """Return an element of GF(32) times x."""
    value <<= 1
    return value ^ _POLYNOMIAL if value & 32 else value

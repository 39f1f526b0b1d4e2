"""A drawing for an agency that has no picture: letters before a simple pattern. Pure.

It is no emblem of anybody: no shield, no bird, no star, no ribbon, so that nobody takes it for the
city's or the state's.
"""

from __future__ import annotations

import hashlib
import re
from html import escape

SIZE, MOST = 96, 4
PAPER = "#ffffff"
GROUNDS = ("#0b5f86", "#7b3fa0", "#2f6317", "#9a3412", "#8a1c4a", "#1f4e79", "#5b4a00", "#37474f")
"""White letters have at least 4.5:1 against each."""
SMALL = {"dan", "serta", "di", "the", "and", "of", "kota", "pontianak"}
SHORT = {
    "badan": "B",
    "bagian": "Bg",
    "dinas": "D",
    "inspektorat": "In",
    "kecamatan": "Kc",
    "sekretariat": "St",
}
"""How a kind of agency begins its letters."""


def letters_of(title: str) -> str:
    """Return what stands on the drawing: the beginnings of the words that tell agencies apart.

    :param title: of the agency; an abbreviation in it is taken as it is.
    """
    short = re.search(r"\(([A-Z][A-Za-z0-9]{1,7})\)", title)
    if short and len(short[1]) <= MOST:
        return short[1]
    words = [w for w in re.findall(r"[^\W_]+", title) if w.casefold() not in SMALL]
    if not words:
        words = re.findall(r"[^\W_]+", title)
    first, *rest = words or ["?"]
    began = SHORT.get(first.casefold()) or first[:1].upper()
    return (began + "".join(word[0].upper() for word in rest))[:MOST]


def drawn(name: str, title: str) -> str:
    """Return the drawing as SVG; the same for the same agency, always.

    :param name: the agency's address on the portal: colour and pattern follow from it.
    :param title: its name, for the letters and for who does not see.
    """
    seed = hashlib.sha256(name.encode()).digest()
    ground = GROUNDS[seed[0] % len(GROUNDS)]
    letters = letters_of(title)
    size = {1: 46, 2: 40, 3: 32}.get(len(letters), 25)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" '
        f'viewBox="0 0 {SIZE} {SIZE}" role="img" aria-label="{escape(title)}">'
        f'<rect width="{SIZE}" height="{SIZE}" rx="14" fill="{ground}"/>'
        f'<g fill="none" stroke="{PAPER}" stroke-opacity="0.22" stroke-width="3">'
        f"{_pattern(seed[1] % 4, seed[2])}</g>"
        f'<text x="48" y="{48 + size * 0.35:.1f}" text-anchor="middle" fill="{PAPER}" '
        f'font-family="Arial, Helvetica, sans-serif" font-weight="bold" font-size="{size}">'
        f"{escape(letters)}</text></svg>"
    )


def _pattern(kind: int, turn: int) -> str:
    """Return circles, squares, waves or lines, placed by one number."""
    across, upright = 8 + turn % 5 * 20, 8 + turn // 5 % 5 * 20
    if kind == 0:
        return "".join(f'<circle cx="{across}" cy="{upright}" r="{r}"/>' for r in (14, 28, 42, 56))
    if kind == 1:
        return "".join(
            f'<rect x="{48 - r}" y="{48 - r}" width="{2 * r}" height="{2 * r}" '
            f'transform="rotate({turn % 90} 48 48)"/>'
            for r in (14, 24, 34)
        )
    if kind == 2:
        rows = (16 + turn % 8, 36 + turn % 8, 56 + turn % 8, 76 + turn % 8)
        return "".join(f'<path d="M6 {y}q10 -12 21 0t21 0t21 0t21 0"/>' for y in rows)
    begins = range(12 + turn % 10, 90, 18)
    return "".join(f'<path d="M{x} 8L{96 - x} 88"/>' for x in begins)

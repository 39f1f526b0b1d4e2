"""Tables of ``*.txt`` beside this module: two lines each, the second names the columns.

``# title [bare] [rows=N]`` and then ``heading = values > kinds`` with ``;`` between the columns.
Values are ``@maker`` (of ``makers.py`` or ``identifiers.py``) with forms after dots
(``@nik.q``), ``#low-high`` for a number, ``a|b|c`` for one of these words, ``@a/@b`` for one or the
other, ``seq`` for 1, 2, 3; a last ``?`` leaves a fifth of the cells empty. ``bare`` has no headings.
``notes=@maker`` puts the made value into two of 2,000 sentences.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from .. import identifiers
from ..tables import WORDS, Labelled
from . import makers

FORMS = {
    "q": lambda v, r: f"'{v}",
    "f": lambda v, r: f"{v}.0",
    "sci": lambda v, r: f"{float(v):.14E}",
    "g4": lambda v, r: " ".join(re.findall(r".{1,4}", v)),
    "d4": lambda v, r: "-".join(re.findall(r".{1,4}", v)),
    "dot": lambda v, r: f"{v[:2]}.{v[2:4]}.{v[4:6]}.{v[6:12]}.{v[12:]}",
    "up": lambda v, r: v.upper(),
    "low": lambda v, r: v.lower(),
    "pad": lambda v, r: f"  {v} ",
    "quote": lambda v, r: f'"{v}"',
    "bare0": lambda v, r: v.lstrip("0"),
    "id": lambda v, r: f"NIK: {v}",
    "comma": lambda v, r: v.replace(".", ","),
}


def value(text: str, r: random.Random, row: int) -> str:
    if text == "seq":
        return str(row + 1)
    if text.endswith("?"):
        return "" if r.random() < 0.2 else value(text[:-1].strip(), r, row)
    if text.startswith("#"):
        low, high = text[1:].split("-")
        return str(r.randint(int(low), int(high)))
    if text.startswith("@"):
        name, *forms = r.choice(text.split("/")).lstrip("@").split(".")
        made = (getattr(makers, name, None) or getattr(identifiers, name))(r)
        for form in forms:
            made = FORMS[form](made, r)
        return made
    return r.choice(text.split("|"))


def note(text: str, r: random.Random, row: int) -> str:
    words = " ".join(r.choices(WORDS, k=r.randint(4, 12)))
    before, _, maker = text.removeprefix("notes=").rpartition("@")
    return f"{words} {before}{value('@' + maker, r, row)}" if row in (700, 1901) else words


def table(title: str, columns: str, seed: int) -> Labelled:
    r = random.Random(f"{seed} {title}")
    rows = 2000 if "notes=" in columns else r.choice((6, 14, 30, 60))
    if found := re.search(r" \[rows=(\d+)\]", title):
        rows = int(found[1])
    headings, specs, kinds = [], [], []
    for column in columns.split(" ; "):
        heading, _, rest = column.partition(" = ")
        spec, _, labels = rest.partition(" > ")
        headings.append(heading.strip())
        specs.append(spec.strip())
        kinds.append(frozenset(labels.replace("+", " ").split()))
    data = [
        [(note if s.startswith("notes=") else value)(s, r, row) for s in specs]
        for row in range(rows)
    ]
    bare = "[bare]" in title
    return Labelled(title, None if bare else headings, data, kinds, ["unseen"] * len(kinds))


def unseen(name: str, seed: int, *, held_out: bool | None = None) -> Iterator[Labelled]:
    """Yield the tables of ``name.txt``; of one half of them where ``held_out`` says which."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        title, columns = block.strip().split("\n")
        if held_out is None or held_out == bool(zlib.crc32(title.encode()) % 2):
            yield table(title, columns, seed)

"""From an address to its kelurahan: the widest part of it that says little about one household."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from ckanext.satudata_pontianak import paths

# Streets are called after kelurahan: "Jalan Sungai Jawi" lies in several of them.
_STREET = re.compile(r"\b(?:jl|jln|jalan|gg|gang|komp|kompleks|komplek|perum|perumahan|blok)\W*$")
_MARKED = re.compile(r"\b(?:kel|kelurahan|desa|ds)\W*$")
_OTHER = re.compile(r"\b(?:kec|kecamatan|kota|kab|kabupaten)\W*$")


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return spelling → name, and a pattern that prefers longer spellings."""
    names: dict[str, str] = {}
    with (paths.schemas() / "codes/wilayah/wilayah.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] == "kelurahan":
                for spelling in (row["name"], *filter(None, row["aliases"].split("|"))):
                    names[_plain(spelling)] = row["name"]
    longest = sorted(names, key=len, reverse=True)
    return names, re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def kelurahan_of(address: str) -> str | None:
    """Return the kelurahan of Pontianak that an address names, or None.

    A name after ``Kel.`` counts before one that stands alone; a street's name never counts.
    """
    names, pattern = _names()
    text = _plain(address)
    alone: set[str] = set()
    for found in pattern.finditer(text):
        before = text[: found.start()]
        if _MARKED.search(before):
            return names[found[0]]
        if not (_STREET.search(before) or _OTHER.search(before)):
            alone.add(names[found[0]])
    # Two names and no sign which one it is: no answer is better than a wrong one.
    return alone.pop() if len(alone) == 1 else None

"""Legal bases by law, the highest first: each law once, with what of it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

ARTICLES = re.compile(
    r"^(?P<law>.*?)(?:,? (?P<part>(?:Pasal|Ps|Lampiran)\b.*|\(.*\))|, (?P<no>\d.*))?$"
)
SEVERAL = re.compile(r"; (?=[A-Z])")
RANKS = ("UUD", "UU", "PP", "Perpres", "Permen", "Perki", "BSSN", "ANRI", "BPS", "Perda", "ISO")
"""How the name of a law begins, from the highest to what is no law."""


def by_law(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return law → its parts, each with the mark of what nobody confirmed.

    :param items: each with ``text`` and ``mark``.
    """
    laws: dict[str, dict[str, Any]] = {}
    for item in items:
        for text in SEVERAL.split(item["text"]):
            _add(laws, text, item["mark"])
    rows = sorted(laws.values(), key=lambda row: _rank(row["law"]))
    return [{**row, "text": _told(row)} for row in rows]


def _add(laws: dict[str, dict[str, Any]], text: str, mark: str) -> None:
    found = ARTICLES.match(text)
    law = found["law"] if found else text
    part = (found["part"] or found["no"] or "") if found else ""
    row = laws.setdefault(law, {"law": law, "mark": "", "parts": []})
    if not part:
        row["mark"] = row["mark"] or mark
    elif (told := part.removeprefix("Pasal ") + mark) not in row["parts"]:
        row["parts"].append(told)


def _told(row: Mapping[str, Any]) -> str:
    name = row["law"] + row["mark"]
    if not row["parts"]:
        return name
    articles = [p for p in row["parts"] if p[0].isdigit()]
    others = [p for p in row["parts"] if not p[0].isdigit()]
    word = "" if row["law"].startswith("ISO") else "Pasal "
    told = [word + "; ".join(articles)] if articles else []
    return f"{name}, {'; '.join([*told, *others])}"


def _rank(law: str) -> int:
    return next((n for n, head in enumerate(RANKS) if law.startswith(head)), len(RANKS))

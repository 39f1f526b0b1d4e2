"""The made-up catalogue and the queries of the search tests. Pure."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HALVES = ("seen", "unread")


@dataclass(frozen=True)
class Dataset:
    """A dataset of the made-up catalogue."""

    name: str
    title: str
    notes: str
    columns: tuple[str, ...]
    tags: tuple[str, ...]
    agency: str
    urusan: str
    limited: bool = False
    """Everybody may know of it; only some may have its data."""


@dataclass(frozen=True)
class Query:
    """What somebody types, and the datasets that answer it."""

    q: str
    want: frozenset[str]
    kind: str


def _regions(level: str) -> list[str]:
    """Return names as the national list has them: who asks writes them as the city does."""
    path = ROOT / "schemas" / "codes" / "wilayah" / "wilayah.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == level]
    return [row["aliases"] or row["name"] for row in rows]


def _lines(block: dict[str, Any]) -> list[str]:
    lines = str(block.get("datasets") or "").splitlines()
    for template in str(block.get("templates") or "").splitlines():
        for name in _regions(block["level"]):
            lines.append(template.format(name=name, slug=name.lower().replace(" ", "-")))
    return lines


def datasets() -> list[Dataset]:
    """Return the catalogue, in the order of the file."""
    content = yaml.safe_load((HERE / "corpus.yaml").read_text("utf-8"))
    found = []
    for block in content:
        for line in _lines(block):
            name, title, notes, columns, tags = (part.strip() for part in line.split(" | "))
            found.append(
                Dataset(
                    name=name,
                    title=title,
                    notes=notes,
                    columns=tuple(c.strip() for c in columns.split(", ")),
                    tags=tuple(t.strip() for t in tags.split(", ")),
                    agency=block["agency"],
                    urusan=block["urusan"],
                    limited=bool(block.get("limited")),
                )
            )
    return found


def queries(half: str) -> list[Query]:
    """Return one half of the queries: ``seen`` or ``unread``.

    Of those that came later each says itself to which half it belongs.
    """
    later = [q for q in _read("more") if _half(q.q) == half]
    return [*_read(half), *later]


def _read(name: str) -> list[Query]:
    content = yaml.safe_load((HERE / f"queries_{name}.yaml").read_text("utf-8"))
    return [Query(q["q"], frozenset(q["want"]), q["kind"]) for q in content["queries"]]


def _half(q: str) -> str:
    return HALVES[int(hashlib.sha256(q.encode()).hexdigest(), 16) % 2]

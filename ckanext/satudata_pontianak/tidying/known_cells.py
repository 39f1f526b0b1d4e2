"""Which cells of columns of regions, units and government affairs are in no list. Pure.

A column counts as one of these by its heading, and only where most of what stands in it is in the
list or nearly so: a table about another city is no table full of mistakes.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from ..metadata import figures, roles
from ..metadata.codes import code_list, find_region
from .columns import known_unit
from .definition import definition
from .words import folded, is_total

Kind = Literal["region", "unit", "affair", "district"]
AFFAIRS = frozenset(
    {"urusan", "urusan pemerintahan", "nama urusan", "kode urusan", "bidang urusan"}
)
NEAR = 0.78
"""From here on a text is taken for a mistyped one of the list."""
MOST, MOST_ROWS, LONGEST = 200, 10, 80
_LEVELS = frozenset(figures.NAMES)


@dataclass(frozen=True)
class Unknown:
    """A text of a column that is in no list: where it stands first, how often, what is meant."""

    column: int
    heading: str
    kind: Kind
    text: str
    rows: tuple[int, ...]
    count: int
    nearest: str = ""
    """What is meant; of a district beside a village, the one in which the village lies."""
    village: str = ""
    village_column: int = -1
    village_heading: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it goes from one process to another."""
        return {**self.__dict__, "rows": list(self.rows)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Unknown:
        """Rebuild what :meth:`to_json` gave."""
        return cls(**{**data, "rows": tuple(data["rows"])})


def kind_of(heading: str) -> Kind | None:
    """Return which list the cells of a column are from, by its heading; ``None``: of none."""
    if figures.names_regions(heading):
        return "region"
    if folded(heading) in AFFAIRS:
        return "affair"
    return "unit" if roles.named(heading) is roles.Role.UNIT else None


def unknown(
    headings: Sequence[str], rows: Iterable[tuple[Sequence[int], Sequence[str | None]]]
) -> list[Unknown]:
    """Return the texts of a table that are in no list, by column and first row.

    A district that is in the list, and beside a village of another one, counts as well.

    :param rows: of each row the numbers that people know its cells by, and the cells.
    """
    kinds: dict[int, Kind] = {
        n: kind for n, heading in enumerate(headings) if (kind := kind_of(heading))
    }
    if not kinds:
        return []
    seen: dict[int, dict[str, dict[int, None]]] = {n: {} for n in kinds}
    village, district = (
        _only_column(headings, kinds, level) for level in ("kelurahan", "kecamatan")
    )
    pairs: dict[tuple[str, str], dict[int, None]] = {}
    for numbers, cells in rows:
        for n in kinds:
            text = _said(cells[n]) if n < len(cells) else ""
            if text and len(seen[n]) < figures.MOST_REGIONS:
                seen[n].setdefault(text, {})[numbers[n]] = None
        if village is not None and district is not None and max(village, district) < len(cells):
            pair = (_said(cells[village]), _said(cells[district]))
            if len(pairs) < figures.MOST_REGIONS:
                pairs.setdefault(pair, {})[numbers[district]] = None
    found: list[Unknown] = []
    for n, texts in seen.items():
        found += _of_column(n, headings[n], kinds[n], texts)
    if village is not None and district is not None:
        found += _astray(headings, village, district, pairs)
    return found[:MOST]


def _said(cell: str | None) -> str:
    return " ".join((cell or "").split())


def _only_column(headings: Sequence[str], kinds: Mapping[int, Kind], level: str) -> int | None:
    """Return the one column of regions of a level, ``None`` where there is none, or are several."""
    found = [n for n, kind in kinds.items() if kind == "region" and levels(headings[n]) == {level}]
    return found[0] if len(found) == 1 else None


def _astray(
    headings: Sequence[str],
    village: int,
    district: int,
    pairs: Mapping[tuple[str, str], Mapping[int, None]],
) -> list[Unknown]:
    """Return the districts that stand beside a village of another one, with the right one."""
    listed = code_list("wilayah").codes
    found: list[Unknown] = []
    known = 0
    for (inner, outer), rows in pairs.items():
        ins = figures.regions_of(headings[village], [inner])
        outs = figures.regions_of(headings[district], [outer])
        if len(ins) != 1 or len(outs) != 1:
            continue
        known += 1
        right = listed.get(listed[min(ins)].parent or "")
        if right is None or right.code in outs:
            continue
        found.append(
            Unknown(
                district,
                headings[district],
                "district",
                outer[:LONGEST],
                tuple(sorted(rows))[:MOST_ROWS],
                len(rows),
                right.label,
                listed[min(ins)].label,
                village,
                headings[village],
            )
        )
    return found if 2 * len(found) <= known else []


def _of_column(
    place: int, heading: str, kind: Kind, texts: Mapping[str, Mapping[int, None]]
) -> list[Unknown]:
    said = [t for t in texts if not is_total(t) and not roles.WITHHELD.fullmatch(t)]
    wrong = [text for text in said if not _KNOWN[kind](heading, text)]
    listed = _listed(kind, levels(heading))
    near = {text: _nearest(text, listed) for text in wrong}
    right = len(said) - len(wrong) + sum(map(bool, near.values()))
    if 2 * right < len(said):
        return []
    return [
        Unknown(
            place,
            heading,
            kind,
            text[:LONGEST],
            tuple(sorted(texts[text]))[:MOST_ROWS],
            len(texts[text]),
            near[text],
        )
        for text in wrong
    ]


def levels(heading: str) -> frozenset[str]:
    """Return the levels of regions that a heading names; all of them where it names none.

    :param heading: of a column of regions.
    """
    key = figures.Column(heading, "text").key
    named = [lv for lv in figures.NAMES if key in (*figures.CODES[lv], *figures.NAMES[lv])]
    return frozenset(named) or _LEVELS


def _region(heading: str, text: str) -> bool:
    if figures.regions_of(heading, [text]):
        return True
    found, named = find_region(text), levels(heading)
    # A column that names no level may also hold the city.
    return found is not None and (found.level in named or named == _LEVELS)


def _unit(_heading: str, text: str) -> bool:
    return known_unit(text)


def _affair(_heading: str, text: str) -> bool:
    listed = code_list("urusan").codes
    return text in listed or _plain(text) in {_plain(one.label) for one in listed.values()}


_KNOWN: dict[str, Callable[[str, str], bool]] = {
    "region": _region,
    "unit": _unit,
    "affair": _affair,
}


def _plain(text: str) -> str:
    """Return a text without case, signs and blanks."""
    return folded(text).replace(" ", "")


@lru_cache(maxsize=16)
def _listed(kind: Kind, levels: frozenset[str]) -> Mapping[str, str]:
    """Return what may stand in a column, by how it is compared."""
    if kind == "unit":
        return {_plain(unit): unit for unit in definition().units}
    if kind == "affair":
        return {_plain(one.label): one.label for one in code_list("urusan").codes.values()}
    return {
        _plain(spelled): code.label
        for code in code_list("wilayah").codes.values()
        if code.level in levels
        for spelled in figures.spellings(code)
    }


def _nearest(text: str, listed: Mapping[str, str]) -> str:
    """Return what is most like a text; empty where nothing is, and of a code."""
    wanted = _plain(text)
    if not any(sign.isalpha() for sign in wanted):
        return ""
    found = difflib.get_close_matches(wanted, listed, n=1, cutoff=NEAR)
    return listed[found[0]] if found else ""

"""What an exemption has to say, how long it may last, and in which register everybody finds it.

Read from ``exclusion`` in ``schemas/classification.yaml``. Sources: UU 14/2008 Article 17
(letters), PP 61/2010 (periods; the six items), Perki 1/2017 (the six items of the *Surat
Penetapan Klasifikasi*).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from .messages import Message
from .yaml_source import Source

REGISTERS = ("dip", "dik", "counted")
"""Public information; excluded information, item by item; excluded information, only counted."""


@dataclass(frozen=True)
class Period:
    """How long information may be excluded under one letter of Article 17.

    ``years`` is ``None``: as long as the interest lasts that it protects.
    """

    letter: str
    years: int | None
    basis: Mapping[str, str]

    def last_day(self, start: dt.date) -> dt.date | None:
        """Return the last day on which an exemption from ``start`` on may end."""
        if self.years is None or start.year + self.years > dt.MAXYEAR:
            return None
        year = start.year + self.years
        try:
            return start.replace(year=year)
        except ValueError:  # 29 February of a year that has none
            return dt.date(year, 2, 28)


@dataclass(frozen=True)
class Determination:
    """What a decision that excludes something says; empty where nothing was recorded."""

    information: str | None = None
    letter: str | None = None
    level: str | None = None
    body: str | None = None  # the agency with PPID's duty
    assessor: str | None = None  # who of it tested the consequence
    agency: str | None = None
    start: Any = None
    until: Any = None
    review: Any = None
    legal_basis: str | None = None
    if_opened: str | None = None
    if_closed: str | None = None
    place: str | None = None
    number: str | None = None  # under the letter
    weighed: Mapping[str, str] = field(default_factory=dict)  # field of ``WEIGHED`` → what was said
    heard: str | None = None
    testers: str | None = None  # by office
    recipients: tuple[str, ...] = ()  # titles
    recipients_basis: str | None = None
    processing: str | None = None  # a basis of UU 27/2022 Article 20
    personal: str | None = None  # the axis of personal data


WEIGHED = ("kepatutan", "kesusilaan", "kepentingan_umum", "kepentingan_lebih_besar")
"""Fields of a consequence test: what Perki 1/2021 Article 49 wants weighed."""

ITEMS = {
    "jenis_klasifikasi": lambda d: d.information and d.letter and d.level,
    "identitas_ppid": lambda d: d.body and d.assessor,
    "badan_publik": lambda d: d.agency,
    "jangka_waktu": lambda d: d.start and (d.until or d.review),
    "alasan": lambda d: d.legal_basis and d.if_opened and d.if_closed,
    # The date is the day on which it is decided.
    "tempat_tanggal": lambda d: d.place,
}
"""How each item of the file is told from what was recorded."""


@dataclass(frozen=True)
class Exclusion:
    """The part of the file."""

    registers: Mapping[str, frozenset[str]]  # register → levels
    place: str
    periods: Mapping[str, Period]
    items: Mapping[str, str]  # item → label
    basis: tuple[Mapping[str, str], ...]
    numbers: Mapping[str, int] = field(default_factory=dict)  # letter → how many numbers
    signatory: str = ""  # label of the office that signs
    signed_within: int = 0  # working days until the signed paper is there
    in_view_of: tuple[Mapping[str, str], ...] = ()
    in_view_of_persons: tuple[Mapping[str, str], ...] = ()

    def check_number(self, letter: str | None, number: str | None) -> Message | None:
        """Return what is wrong with the number under a letter of Article 17."""
        most = self.numbers.get(letter or "", 0)
        if not most:
            return Message("This letter has no numbers.") if number and letter else None
        if number is None or not 1 <= int(number) <= most:
            params = {"letter": letter, "most": most}
            return Message("Letter %(letter)s has the numbers 1 to %(most)s: choose one.", params)
        return None

    def missing(self, said: Determination) -> list[Message]:
        """Return the labels of the items that a decision lacks, in the order of the file."""
        return [Message(label) for item, label in self.items.items() if not ITEMS[item](said)]

    def check_period(
        self, letter: str | None, start: dt.date | None, dates: Mapping[str, dt.date | None]
    ) -> dict[str, list[Message]]:
        """Return what is wrong with the dates of an exemption, by field.

        :param dates: field → the day until which the exemption runs, or is looked at again.
            Without an end, the review has to come within the period.
        """
        period = self.periods.get(letter or "")
        last = period.last_day(start) if period and start else None
        if period is None or last is None:
            return {}
        return {
            field: [
                Message(
                    "Under letter %(letter)s information is excluded for at most %(years)s years "
                    "from %(start)s, until %(last)s (%(basis)s).",
                    {
                        "letter": period.letter,
                        "years": period.years,
                        "start": start,
                        "last": last,
                        "basis": period.basis["text"],
                    },
                )
            ]
            for field, day in dates.items()
            if day is not None and day > last
        }


def read(source: Source, levels: Mapping[str, Any]) -> Exclusion:
    """Read the part of the file.

    :param levels: the levels of the file, by name; each has a flag ``open``.
    :raises DefinitionError: naming line and reason.
    """
    data = source.data["exclusion"]
    for key in ("registers", "place", "periods", "determination"):
        source.require(f"'{key}' is missing", bool(data.get(key)), "exclusion")
    source.require("a text is expected", isinstance(data["place"], str), "exclusion", "place")
    determination = data["determination"]
    place = ("exclusion", "determination")
    items = determination.get("items") or {}
    for name in ITEMS:
        source.require(f"the item '{name}' is missing", name in items, *place, "items")
    for name, spec in items.items():
        source.require(f"unknown item '{name}'", name in ITEMS, *place, "items", name)
        source.require("a label is missing", bool((spec or {}).get("label")), *place, "items", name)
    basis = tuple(determination.get("basis") or ())
    source.require("'basis' is missing", bool(basis), *place)
    return Exclusion(
        _registers(source, levels),
        data["place"],
        _periods(source),
        {name: spec["label"] for name, spec in items.items()},
        basis,
        _numbers(source),
        _signatory(source),
        _days(source),
        _references(source, "in_view_of"),
        _references(source, "in_view_of_persons"),
    )


def _numbers(source: Source) -> dict[str, int]:
    numbers = source.data["exclusion"].get("numbers") or {}
    for letter, most in numbers.items():
        where = ("exclusion", "numbers", letter)
        known = letter in source.data["exclusion"]["periods"]
        source.require(f"unknown letter '{letter}'", known, *where)
        source.require("a whole number of 1 to 7 is expected", most in range(1, 8), *where)
    return dict(numbers)


def _signatory(source: Source) -> str:
    data = source.data["exclusion"]
    known, chosen = data.get("signatories") or {}, data.get("signed_by")
    where = ("exclusion", "signed_by")
    source.require("'signed_by' is none of the signatories", chosen in known, *where)
    source.require("a label is missing", bool((known[chosen] or {}).get("label")), *where)
    return str(known[chosen]["label"])


def _days(source: Source) -> int:
    key = "signed_paper_within_working_days"
    days = source.data["exclusion"].get(key)
    whole = isinstance(days, int) and not isinstance(days, bool) and days > 0
    source.require("a positive whole number is expected", whole, "exclusion", key)
    return int(days)


def _references(source: Source, key: str) -> tuple[Mapping[str, str], ...]:
    items = tuple(source.data["exclusion"].get(key) or ())
    source.require(f"'{key}' is missing", bool(items), "exclusion", key)
    for item in items:
        named = {"text", "status"} <= set(item)
        source.require("a basis needs 'text' and 'status'", named, "exclusion", key)
    return items


def _registers(source: Source, levels: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    where = ("exclusion", "registers")
    data = source.data["exclusion"]["registers"]
    seen: list[str] = []
    for register, names in data.items():
        source.require(f"unknown register '{register}'", register in REGISTERS, *where, register)
        for name in names or ():
            source.require(f"unknown level '{name}'", name in levels, *where, register)
            source.require(f"'{name}' stands in two registers", name not in seen, *where, register)
            source.require(
                "what is open stands in 'dip', and nothing else does",
                levels[name].open == (register == "dip"),
                *where,
                register,
            )
            seen.append(name)
    _all_there(source, "level", levels, seen, where)
    return {register: frozenset(data.get(register) or ()) for register in REGISTERS}


def _periods(source: Source) -> dict[str, Period]:
    periods = {}
    for letter, spec in source.data["exclusion"]["periods"].items():
        where = ("exclusion", "periods", letter)
        years = spec.get("years")
        whole = isinstance(years, int) and not isinstance(years, bool)
        source.require(
            "'years' must be a positive whole number or null",
            years is None or (whole and years > 0),
            *where,
        )
        basis = spec.get("basis") or {}
        source.require(
            "a basis needs 'text' and 'status'", {"text", "status"} <= set(basis), *where
        )
        periods[letter] = Period(letter, years, basis)
    return periods


def _all_there(
    source: Source,
    what: str,
    wanted: Collection[str],
    found: Collection[str],
    where: tuple[str, ...],
) -> None:
    for name in wanted:
        source.require(f"the {what} '{name}' is missing", name in found, *where)

"""What an exemption has to say, how long it may last, and in which register everybody finds it.

Read from ``exclusion`` in ``schemas/classification.yaml``. Sources: UU 14/2008 Article 17
(letters), PP 61/2010 (periods; the six items), Perki 1/2017 (the six items of the *Surat
Penetapan Klasifikasi*).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from ...messages import Message
from ...surface.yaml_source import Bases, Basis, Labelled, Positive, Source, Text

REGISTERS = ("dip", "dik", "counted")
"""Public information; excluded information, item by item; excluded information, only counted."""


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long information may be excluded under one letter of Article 17.

    ``years`` is ``None``: as long as the interest lasts that it protects.
    """

    years: Positive | None
    basis: Basis

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


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a decision has to say, and by which law."""

    basis: Bases
    items: dict[str, Labelled]


class Exclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the file."""

    registers: dict[str, frozenset[str]]  # register → levels
    place: Text
    periods: Annotated[dict[str, Period], msgspec.Meta(min_length=1)]
    determination: Items
    signed_by: str
    signatories: dict[str, Labelled]
    in_view_of: Bases
    in_view_of_persons: Bases
    signed_within: Positive = msgspec.field(name="signed_paper_within_working_days")
    """Working days until the signed paper is there."""
    numbers: dict[str, Annotated[int, msgspec.Meta(ge=1, le=7)]] = msgspec.field(
        default_factory=dict
    )
    """Letter → how many numbers."""

    @property
    def items(self) -> dict[str, str]:
        """Item → label."""
        return {name: item.label for name, item in self.determination.items.items()}

    @property
    def basis(self) -> Bases:
        """By which law a decision has to say this."""
        return self.determination.basis

    @property
    def signatory(self) -> str:
        """The label of the office that signs."""
        return self.signatories[self.signed_by].label

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
                        "letter": letter,
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


def check_registers(source: Source, said: Exclusion, levels: Mapping[str, Any]) -> None:
    """Check what stands in several places of the file.

    :param levels: the levels of the file, by name; each has a flag ``open``.
    :raises DefinitionError: naming line and reason.
    """
    place = ("exclusion", "determination", "items")
    source.exactly("item", ITEMS, said.items, *place)
    for letter in said.numbers:
        source.known("letter", [letter], said.periods, "exclusion", "numbers", letter)
    signs = said.signed_by in said.signatories
    source.require("'signed_by' is none of the signatories", signs, "exclusion", "signed_by")
    source.exactly("register", REGISTERS, said.registers, "exclusion", "registers")
    seen: set[str] = set()
    for register, names in said.registers.items():
        where = ("exclusion", "registers", register)
        source.known("level", names, levels, *where)
        for name in names:
            source.require(f"'{name}' stands in two registers", name not in seen, *where)
            is_open = levels[name].open == (register == "dip")
            source.require("what is open stands in 'dip', and nothing else does", is_open, *where)
        seen |= names
    source.whole("level", levels, seen, "exclusion", "registers")

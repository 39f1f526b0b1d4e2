"""What the words of a sheet tell of the dataset: title, years, area, level, unit, and more.

Nothing is invented: each value says where it was read, and how sure that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..days import MONTH_NUMBERS
from ..messages import Message
from ..metadata import codes, periods, title_periods
from ..metadata.codes import find_region
from ..metadata.periods import Grain, Period
from ..msgids import N_
from . import numbers, titles
from .columns import known_unit
from .definition import definition
from .grid import Kind
from .lines import Line
from .suggest import UNNAMED, Suggestion
from .words import folded, period_of

_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:\s*(?:-|–|s\.?d\.?|sampai)\s*((?:19|20)\d\d))?\b")
_UNIT_LINE = re.compile(r"\(?\s*(?:satuan|unit)\s*:\s*([^()]{1,40}?)\s*\)?$", re.IGNORECASE)
_FREQUENCIES = {
    "day": "harian",
    "month": "bulanan",
    "quarter": "triwulanan",
    "semester": "semesteran",
    "year": "tahunan",
    "school_year": "tahunan",
}
_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_PART_OF_YEAR = re.compile(
    rf"\b(?:bulan\W*(?P<month>{_MONTH})\b"
    rf"|(?<!\d )(?<!keadaan )(?<!posisi )(?<!akhir )(?<!per )(?<!sampai )(?<!hingga )(?<!s d )"
    rf"(?P<named>{_MONTH}) (?:tahun )?(?:19|20)\d\d\b"
    r"|(?P<quarter>(?:triwulan|kuartal)\W*(?:iv|i{1,3}|[1-4])\b)"
    r"|(?P<semester>semester\W*(?:ii?|[12])\b))"
)
"""A part of a year that a title names as such; a day ("keadaan 31 Desember") says nothing of it."""
_FINER = ("kelurahan", "kecamatan")
CITY = "61.71"
EVERY_AFFAIR = "5.01"
"""Planning: its agency has tables of all affairs, so the words of the title count for more."""


@dataclass(frozen=True)
class Told:
    """A field of the dataset, its value, where that was read and how sure it is."""

    field: str
    value: str
    source: Message
    sure: float

    @property
    def state(self) -> Literal["filled", "offered", "weak"]:
        """Whether the field is filled in, only offered, or neither."""
        thresholds = definition().thresholds
        if self.sure >= thresholds.filled:
            return "filled"
        return "offered" if self.sure >= thresholds.offered else "weak"


@dataclass(frozen=True)
class Office:
    """The agency that sends the file: its name, and the affairs of its earlier datasets."""

    name: str = ""
    affairs: tuple[str, ...] = ()


def describe(suggestion: Suggestion, office: Office | None = None) -> list[Told]:
    """Return what is told of the dataset, field by field; what is not told is not in the list."""
    reader = _Reader(suggestion, office or Office())
    found = [
        reader.title(),
        reader.years(),
        reader.coverage(),
        reader.level(),
        reader.unit(),
        reader.measure(),
        reader.frequency(),
        reader.affair(),
    ]
    return [told for told in found if told is not None and told.state != "weak"]


class _Reader:
    def __init__(self, suggestion: Suggestion, office: Office) -> None:
        self.suggestion, self.office = suggestion, office
        self.block, self.grid = suggestion.block, suggestion.block.grid
        self.tidied, self.recipe = suggestion.tidied, suggestion.recipe
        lines = self.tidied.lines
        first = self.block.head.first
        self.title_rows = [r for r, line in lines.items() if line is Line.TITLE and r < first]
        self.said = [self._text(row) for row in self.title_rows]
        self.clean = titles.cleaned(self.said, self._written())

    def _text(self, row: int) -> str:
        return " ".join(self.grid.text(row, c) for c in self.grid.filled(row))

    def _written(self) -> Iterable[str]:
        """Give the texts of the sheet in which words may stand in their own letters."""
        return (cell.text for cell in self.grid.cells.values() if cell.kind is Kind.TEXT)

    def _row(self, row: int) -> Message:
        if not self.grid.sheet:
            return Message(N_("row %(row)s"), {"row": row})
        return Message(
            N_("row %(row)s of the sheet %(sheet)s"), {"row": row, "sheet": self.grid.sheet}
        )

    def _column(self, name: str) -> Message:
        return Message(N_("the column “%(column)s”"), {"column": name})

    def _heading(self) -> Message:
        return self._row(self.block.head.first)

    # ------------------------------------------------------------------ fields

    def title(self) -> Told | None:
        """Return the title, without number, city and years, with the month that it is about."""
        if not self.clean:
            return None
        few = len(self.title_rows) <= 4
        short = len(self.clean) <= 150
        month = self._month()
        said = f"{self.clean} {title_periods.shown(month)}" if month else self.clean
        return Told("title", said, self._row(self.title_rows[0]), 0.92 if few and short else 0.6)

    def _month(self) -> Period | None:
        """Return the one month that the title is about, where no column tells of time."""
        years, _ = self._years_of_title()
        if years is None or years[0] != years[1]:
            return None
        if any(field.role in ("period", "date") for field in self.tidied.fields):
            return None
        every = [part for said in self.said for part in _parts(said)]
        if len(set(every)) != 1 or every[0].grain is not Grain.MONTH:
            return None
        return Period(years[0], every[0].part, 0, Grain.MONTH)

    def years(self) -> Told | None:
        """Return the years that the figures are about."""
        by_title, row = self._years_of_title()
        in_data, column = self._years_of_data()
        if in_data:
            agreed = not by_title or (in_data[0] >= by_title[0] and in_data[1] <= by_title[1])
            sure = 0.97 if agreed and by_title else 0.9 if agreed else 0.6
            return Told("tahun", _span(in_data), self._column(column), sure)
        if by_title:
            return Told("tahun", _span(by_title), self._row(row), 0.92)
        headings = (text for path in self.block.head.paths for text in path)
        beside = [int(found[1]) for text in headings if (found := _YEARS.search(text))]
        if beside:
            return Told("tahun", _span((min(beside), max(beside))), self._heading(), 0.85)
        if said := _YEARS.search(self.grid.sheet):
            return Told("tahun", said[1], Message(N_("the name of the sheet")), 0.6)
        return None

    def _years_of_title(self) -> tuple[tuple[int, int] | None, int]:
        for row, text in zip(self.title_rows, self.said, strict=True):
            found = [y for pair in _YEARS.findall(text) for y in pair if y]
            if found:
                return (int(min(found)), int(max(found))), row
        return None, 0

    def _years_of_data(self) -> tuple[tuple[int, int] | None, str]:
        for place, field in enumerate(self.tidied.fields):
            if field.role not in ("period", "date"):
                continue
            found = set()
            for row in self.tidied.rows:
                if field.role == "date":
                    found.add(int(row[place][:4]) if row[place][:4].isdecimal() else 0)
                elif period := period_of(row[place]):
                    found.add(period.year)
            found -= {0}
            if found:
                return (min(found), max(found)), field.name
        return None, ""

    def coverage(self) -> Told | None:
        """Return the code of the region that the data are about."""
        regions = self._regions()
        parents = {code.parent for _, code in regions if code.level == "kelurahan"}
        heads = {code.code for _, code in regions if code.level == "kecamatan"}
        if len(parents) == 1 and heads <= parents and len(regions) > 1:
            return Told("cakupan", str(parents.pop()), self._column(regions[0][0]), 0.85)
        if regions:
            return Told("cakupan", CITY, self._column(regions[0][0]), 0.9)
        for row in sorted(self.tidied.lines):
            text = self._text(row).casefold()
            if row < self.block.head.first and "kota pontianak" in text:
                return Told("cakupan", CITY, self._row(row), 0.85)
        return Told("cakupan", CITY, Message(N_("the portal of the city")), 0.5)

    def _regions(self) -> list[tuple[str, codes.Code]]:
        """Return the districts and villages that columns of the table name."""
        found: list[tuple[str, codes.Code]] = []
        for place, field in enumerate(self.tidied.fields):
            if field.role not in ("region", "category", "code"):
                continue
            texts = {row[place] for row in self.tidied.rows} - {""}
            known = [code for text in texts if (code := find_region(text)) is not None]
            if known and len(known) >= 0.7 * len(texts):
                found += [(field.name, code) for code in known if code.level in _FINER]
        return found

    def level(self) -> Told:
        """Return the smallest area that a row stands for."""
        for level in _FINER:
            for name, code in self._regions():
                if code.level == level:
                    return Told("level_penyajian", level, self._column(name), 0.95)
        for field in self.tidied.fields:
            words = folded(field.name).split()
            for level in _FINER:
                if level in words and field.role == "region":
                    return Told("level_penyajian", level, self._column(field.name), 0.85)
            if field.role != "measure" and {"rt", "rw"} & set(words):
                return Told("level_penyajian", "rw_rt", self._column(field.name), 0.7)
        return Told(
            "level_penyajian", "kota", Message(N_("the columns, none of which names a region")), 0.8
        )

    def unit(self) -> Told | None:
        """Return the unit, where all figures have the same."""
        measures = [f for f in self.tidied.fields if f.role == "measure"]
        units = {f.unit for f in measures if f.unit}
        place = next((n for n, f in enumerate(self.tidied.fields) if f.role == "unit"), None)
        for row, line in self.tidied.lines.items():
            if line is Line.NOTE and (found := _UNIT_LINE.fullmatch(self._text(row))):
                return Told("satuan", found[1], self._row(row), 0.95)
        if len(units) > 1:
            return None
        if units:
            unit = units.pop()
            every = all(f.unit for f in measures)
            sure = (0.95 if known_unit(unit) else 0.82) if every else 0.5
            return Told("satuan", unit, self._heading(), sure)
        if self._priced():
            return Told("satuan", "Rupiah", Message(N_("the figures begin with Rp")), 0.9)
        if place is not None:
            said = {row[place] for row in self.tidied.rows}
            if len(said) == 1 and "" not in said:
                return Told(
                    "satuan", said.pop(), self._column(self.tidied.fields[place].name), 0.85
                )
            return None
        if self._measure_word()[0] == "Persentase":
            return Told("satuan", "Persen", self._title_row(), 0.6)
        return None

    def _priced(self) -> bool:
        cells = [
            self.grid.cells[place]
            for row in self.tidied.places[:200]
            for place, field in zip(row, self.tidied.fields, strict=True)
            if place and field.role == "measure" and place in self.grid.cells
        ]
        said = [c.text.strip().casefold() for c in cells if numbers.looks_like(c)]
        return bool(said) and all(text.startswith("rp") for text in said)

    def _title_row(self) -> Message:
        return self._row(self.title_rows[0]) if self.title_rows else self._heading()

    def _measure_word(self) -> tuple[str, float]:
        title = f" {folded(self.clean)} "
        best: tuple[int, str] | None = None
        for measure, words in definition().measures.items():
            for word in words:
                at = title.find(f" {folded(word)} ")
                if at >= 0 and (best is None or at < best[0]):
                    best = at, measure
        return (best[1], 0.92 if best[0] == 0 else 0.6) if best else ("", 0.0)

    def measure(self) -> Told | None:
        """Return what kind of figure it is."""
        word, sure = self._measure_word()
        if word:
            return Told("ukuran", word, self._title_row(), sure)
        for field in self.tidied.fields:
            if field.role != "measure" or field.name == UNNAMED:
                continue
            said = folded(field.name)
            for measure, words in definition().measures.items():
                if any(said.startswith(folded(w)) for w in words):
                    return Told("ukuran", measure, self._column(field.name), 0.6)
        if any(field.role == "measure" for field in self.tidied.fields):
            return Told("ukuran", "Jumlah", Message(N_("what is usual")), 0.45)
        return None

    def frequency(self) -> Told | None:
        """Return how often such figures come out, by the periods of the table."""
        grains: set[Grain] = set()
        for place, field in enumerate(self.tidied.fields):
            if field.role == "date":
                said = Message(N_("the days of the column “%(column)s”"), {"column": field.name})
                return Told("frekuensi_penerbitan", "tidak_tetap", said, 0.6)
            if field.role == "period":
                found = (period_of(row[place]) for row in self.tidied.rows)
                grains |= {period.grain for period in found if period is not None}
        if grains:
            grain = max(grains, key=list(Grain).index)
            name = next(f.name for f in self.tidied.fields if f.role == "period")
            return Told("frekuensi_penerbitan", _FREQUENCIES[grain.value], self._column(name), 0.9)
        for row, text in zip(self.title_rows, self.said, strict=True):
            if found := _parts(text):
                grain = found[0].grain
                return Told("frekuensi_penerbitan", _FREQUENCIES[grain], self._row(row), 0.8)
        if self._years_of_title()[0]:
            return Told("frekuensi_penerbitan", "tahunan", self._title_row(), 0.75)
        return None

    def affair(self) -> Told | None:
        """Return the government affair, by the words of the title and the agency."""
        own = self.office.affairs or tuple(_affairs(self.office.name))
        by_title = _affairs(self.clean)
        agency = Message(N_("the agency"))
        both = [code for code in by_title if code in own]
        if both and (len(own) == 1 or by_title[0] == both[0]):
            return Told("urusan", both[0], self._title_row(), 0.95)
        if own and not by_title:
            # One of several affairs, and no word for any of them: a guess is no offer.
            return Told("urusan", own[0], agency, 0.88 if len(own) == 1 else 0.3)
        if both:
            return Told("urusan", both[0], self._title_row(), 0.7)
        if own and own[0] != EVERY_AFFAIR:
            return Told("urusan", own[0], agency, 0.5)
        if by_title:
            return Told("urusan", by_title[0], self._title_row(), 0.6)
        return None


def _parts(text: str) -> list[Period]:
    """Return the months, quarters and semesters that a line of the title names, without a year."""
    found = []
    for part in _PART_OF_YEAR.finditer(folded(text)):
        said = next(said for said in part.groupdict().values() if said)
        if (period := periods.parse(said)) is not None:
            found.append(period)
    return found


def _affairs(text: str) -> list[str]:
    """Return the affairs whose words a text has, the most telling first."""
    said = f" {folded(text)} "
    weights: dict[str, int] = {}
    for code, words in definition().affairs.items():
        weight = sum(len(word) for word in words if f" {folded(word)} " in said)
        if weight:
            weights[code] = weight
    return sorted(weights, key=lambda code: -weights[code])


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"

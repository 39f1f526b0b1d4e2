"""A chart in words: its title, its sentence, its notes and its data table, in one language.

Pure: knows nothing of CKAN; the functions that translate are handed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from ....messages import Message
from ....metadata.periods import Grain, Period
from ....msgids import N_
from ...web.formats import locale_of
from .charts import Cell, Chart, Kind, Place

BY = N_("%(measure)s by %(along)s")
BY_TWO = N_("%(measure)s by %(along)s and %(by)s")
OF = N_("Distribution of %(along)s")
EMPTY = N_("not given")

SEMESTER, QUARTER = N_("Semester %(part)s %(year)s"), N_("Q%(part)s %(year)s")

ROSE = N_("%(measure)s rose from %(before)s (%(first)s) to %(after)s (%(last)s).")
FELL = N_("%(measure)s fell from %(before)s (%(first)s) to %(after)s (%(last)s).")
SAME = N_("%(measure)s is the same in %(first)s and %(last)s: %(after)s.")
EXTREMES = N_("Highest: %(highest)s in %(where)s; lowest: %(lowest)s in %(there)s.")
ALL_SAME = N_("All numbers are the same: %(value)s.")
LAST = N_("In %(last)s %(high)s is highest with %(highest)s and %(low)s lowest with %(lowest)s.")
MOST = N_("The fullest range, from %(from)s up to %(to)s, holds %(count)s rows.")
OF_SERIES = N_("%(series)s: %(said)s")


def lowered(text: str) -> str:
    """Return a text as it stands within a sentence; what is short for something stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def after_number(unit: str) -> str:
    """Return a unit as it stands after a number: "73 orang", but "73 KK" and "Rp" as they are."""
    word = unit.partition(" ")[0]
    is_word = len(word) > 2 and any(sign in "aiueo" for sign in word[1:])
    return lowered(unit) if is_word and not any(sign.isupper() for sign in word[1:]) else unit


@dataclass(frozen=True)
class Table:
    """The data table beside a chart: headings, and rows of a heading and cells."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Words:
    """Says a chart in one language.

    :ivar language: code of the language, for numbers and dates.
    :ivar say: translates a msgid.
    :ivar ungettext: translates a msgid with its plural, for a number; named so for the catalogue.
    """

    language: str
    say: Callable[[str], str]
    ungettext: Callable[[str, str, int], str]

    def number(self, value: Decimal) -> str:
        """Return a number with all its digits, as the language writes it."""
        return format_decimal(
            value,
            format="#,##0.############",
            locale=locale_of(self.language),
            decimal_quantization=False,
        )

    def amount(self, value: Decimal, unit: str) -> str:
        """Return a number with its unit."""
        return f"{self.number(value)} {after_number(unit)}".strip()

    def cell(self, cell: Cell | None) -> str:
        """Return what stands in a cell of the data table; what is withheld stays as it is."""
        if cell is None:
            return ""
        return self.number(cell.value) if cell.value is not None else cell.mark or self.say(EMPTY)

    def value(self, value: str | Period) -> str:
        """Return a text of the table, or a period in words."""
        return self.period(value) if isinstance(value, Period) else value

    def period(self, period: Period) -> str:
        """Return a period as the language writes it, short."""
        year = str(period.year) if period.year else ""
        if period.grain is Grain.YEAR:
            return year
        if period.grain is Grain.SCHOOL_YEAR:
            return f"{period.year}/{period.year + 1}"
        if period.grain in (Grain.SEMESTER, Grain.QUARTER):
            pattern = SEMESTER if period.grain is Grain.SEMESTER else QUARTER
            return (self.say(pattern) % {"part": period.part, "year": year}).strip()
        locale = locale_of(self.language)
        if period.grain is Grain.DAY:
            day = dt.date(period.year, period.part, period.day)
            return format_date(day, format="d MMM y", locale=locale)
        day = dt.date(period.year or 2000, period.part, 1)
        return format_date(day, format="MMM y" if year else "MMMM", locale=locale)

    def place(self, place: Place) -> str:
        """Return what stands at a position of the axis."""
        if place.period is not None:
            return self.period(place.period)
        if place.span is not None:
            return f"{self.number(place.span[0])} – < {self.number(place.span[1])}"
        return place.text

    def note(self, note: Message) -> str:
        """Return a note in words."""
        said = note.params.items()
        values = {k: self.number(Decimal(v)) if isinstance(v, int) else v for k, v in said}
        return Message(note.msgid, values).text(self.say)

    def notes(self, chart: Chart) -> list[str]:
        """Return everything that was left out or reckoned."""
        found = [self.note(note) for note in chart.notes]
        if chart.withheld and chart.kind is Kind.MAP:
            text = self.ungettext(
                "The table gives no number for {count} region; it is grey on the map.",
                "The table gives no number for {count} regions; they are grey on the map.",
                chart.withheld,
            )
            found.append(text.format(count=self.number(Decimal(chart.withheld))))
        elif chart.withheld:
            text = self.ungettext(
                "The table gives no number in {count} place; the picture leaves it empty.",
                "The table gives no number in {count} places; the picture leaves them empty.",
                chart.withheld,
            )
            found.append(text.format(count=self.number(Decimal(chart.withheld))))
        return found

    def measure(self, chart: Chart) -> str:
        """Return what is measured, with its unit."""
        name = chart.measure or self.say(N_("Value"))
        if chart.kind is Kind.HISTOGRAM:
            return self.say(name)
        return f"{name} ({chart.unit})" if chart.unit and f"({chart.unit})" not in name else name

    def along(self, chart: Chart) -> str:
        """Return what the axis shows."""
        if chart.along:
            return chart.along
        return self.say(N_("Period of the data")) if chart.temporal else self.say(N_("Category"))

    def by(self, chart: Chart) -> str:
        """Return what the series are."""
        return chart.by or self.say(N_("Category"))

    def title(self, chart: Chart) -> str:
        """Return the title: what was chosen, or what is measured, by what, and of which year."""
        if chart.title:
            return chart.title
        if chart.kind is Kind.HISTOGRAM:
            said = self.say(OF) % {"along": self.along(chart)}
        elif len(chart.series) > 1:
            named = {"measure": self.measure(chart), "along": lowered(self.along(chart))}
            if chart.by:
                said = self.say(BY_TWO) % {**named, "by": lowered(chart.by)}
            else:
                said = self.say(BY) % named
        else:
            said = self.say(BY) % {
                "measure": self.measure(chart),
                "along": lowered(self.along(chart)),
            }
        fixed = [self.value(value) for _, value in chart.fixed]
        return ", ".join([said, *fixed])

    def table(self, chart: Chart) -> Table:
        """Return the data table: the numbers of the chart, and no others."""
        many = len(chart.series) > 1
        names = [self.value(s) for s in chart.series] if many else [self.measure(chart)]
        if chart.units:
            names = [f"{n} ({u})" if u else n for n, u in zip(names, chart.units, strict=True)]
        rows = [
            (self.place(place), [self.cell(chart.cells.get((x, s))) for s in range(len(names))])
            for x, place in enumerate(chart.places)
            if place.period is None or any((x, s) in chart.cells for s in range(len(names)))
        ]
        return Table(self.along(chart), names, rows)

    # ------------------------------------------------------------------------ the sentence

    def sentence(self, chart: Chart) -> str:
        """Say what the chart shows: highest, lowest, and over time what changed."""
        if chart.kind is Kind.HISTOGRAM:
            x, _, count = max(chart.values(), key=lambda found: found[2])
            start, end = chart.places[x].span or (Decimal(0), Decimal(0))
            named = {"count": self.number(count), "from": self.number(start)}
            return self.say(MOST) % {**named, "to": self.number(end)}
        if len(chart.series) == 1:
            return self._of_one(chart, 0, chart.unit)
        if chart.units:
            return self._of_each(chart)
        if chart.temporal:
            return self._at_last(chart)
        return self._extremes(chart, None, chart.unit)

    def _of_each(self, chart: Chart) -> str:
        told = []
        for s, name in enumerate(chart.series):
            values = chart.values(s)
            if not values:
                continue
            said = self._of_one(chart, s, chart.units[s], self.value(name), extremes=False)
            if not chart.temporal or len(values) < 2:
                said = self.say(OF_SERIES) % {"series": self.value(name), "said": said}
            told.append(said)
        return " ".join(told)

    def _of_one(
        self, chart: Chart, series: int, unit: str, name: str = "", *, extremes: bool = True
    ) -> str:
        values = chart.values(series)
        said = self._extremes(chart, series, unit)
        if not chart.temporal or len(values) < 2:
            return said
        (first, _, before), (last, _, after) = values[0], values[-1]
        pattern = ROSE if after > before else FELL if after < before else SAME
        changed = self.say(pattern) % {
            "measure": name or chart.measure or self.say(N_("Value")),
            "before": self.amount(before, unit),
            "after": self.amount(after, unit),
            "first": self.place(chart.places[first]),
            "last": self.place(chart.places[last]),
        }
        if len(values) < 3 or not extremes or before == after == max(v for _, _, v in values):
            return changed
        return f"{changed} {said}"

    def _extremes(self, chart: Chart, series: int | None, unit: str) -> str:
        values = chart.values(series)
        high, low = max(v for *_, v in values), min(v for *_, v in values)
        if high == low:
            return self.say(ALL_SAME) % {"value": self.amount(high, unit)}
        return self.say(EXTREMES) % {
            "highest": self.amount(high, unit),
            "where": self._where(chart, series, high),
            "lowest": self.amount(low, unit),
            "there": self._where(chart, series, low),
        }

    def _where(self, chart: Chart, series: int | None, value: Decimal) -> str:
        found = [(x, s) for x, s, v in chart.values(series) if v == value]
        x, s = found[0]
        name = self.place(chart.places[x])
        if series is None and len(chart.series) > 1:
            name = f"{name} ({self.value(chart.series[s])})"
        others = len(found) - 1
        if not others:
            return name
        text = self.ungettext("{name} and {count} other", "{name} and {count} others", others)
        return text.format(name=name, count=self.number(Decimal(others)))

    def _at_last(self, chart: Chart) -> str:
        """Say who leads at the last period for which there is more than one number."""
        by_place: dict[int, list[tuple[Decimal, int]]] = {}
        for x, s, value in chart.values():
            by_place.setdefault(x, []).append((value, s))
        full = [x for x, found in by_place.items() if len(found) > 1]
        if not full:
            return self._extremes(chart, None, chart.unit)
        last = max(full)
        (low, low_of), (high, high_of) = min(by_place[last]), max(by_place[last])
        if low == high:
            return self._extremes(chart, None, chart.unit)
        said = self.say(LAST) % {
            "last": self.place(chart.places[last]),
            "high": self.value(chart.series[high_of]),
            "highest": self.amount(high, chart.unit),
            "low": self.value(chart.series[low_of]),
            "lowest": self.amount(low, chart.unit),
        }
        return f"{said} {self._extremes(chart, None, chart.unit)}"

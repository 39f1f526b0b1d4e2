"""Dates of birth."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally

_MONTH = r"(?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|ags|sep|okt|oct|nov|des|dec)[a-z]*"
_DATE = (
    rf"(?:[0-3]?[0-9][ /.\-](?:[01]?[0-9]|{_MONTH})[ /.\-](?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})"
    r"|(?:19|20)[0-9]{2}[/.\-][01]?[0-9][/.\-][0-3]?[0-9])"
)
_CELL = rf"(?i)(?:^|[^0-9]){_DATE}(?:[^0-9]|$)"
_COMPACT = r"^(?:(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]|[0-3][0-9][01][0-9](?:19|20)[0-9]{2})$"
_SERIAL = r"^[1-4][0-9]{4}$"
_INTRODUCED = (
    r"(?i)(?:^|[^a-z])(?:lahir|ttl|tgl\.? ?lahir|dob|born)[ .:=(]"
    rf"(?:[ .:=(]|di|pada|tgl\.?|tanggal)*(?:[a-z][a-z .']{{1,30}},? ?)?{_DATE}(?:[^0-9]|$)"
)
_TRUE_DATE = (
    r"(?i)^(?:[0-3]?[0-9][ /.\-](?:[01]?[0-9]|[a-z]+)[ /.\-]((?:19|20)[0-9]{2})|"
    r"((?:19|20)[0-9]{2})[/.\-][01]?[0-9][/.\-][0-3]?[0-9])(?:[ T]00:00.*)?$"
)


@dataclass
class BirthTally(Tally):
    """``early``: dates before 2000; ``seen`` holds the decades; ``text``: within sentences."""

    whole: int = 0
    text: int = 0
    early: int = 0


class TanggalLahir(Recognizer[BirthTally]):
    """Dates under a heading that says birth, or after that word in a text.

    Without any heading a column of dates of a person's table counts if they spread over the lives
    of people: three decades or more, a good part of them before 2000.
    """

    kind = "tanggal_lahir"
    label = N_("Date of birth")
    rank = 160
    since = "2026.3"
    evidence = Evidence.BIRTH
    treatment = "age_band"
    sentences = {
        "header": N_("The column is headed as birth date and holds dates."),
        "values": N_("Dates over several decades, in a list of persons."),
        "text": N_("A birth date stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        {"tgl lahir", "tanggal lahir", "tgllahir", "tanggallahir", "ttl", "tempat tgl lahir",
         "lahir", "dob", "birthdate", "birth date", "birthday", "date of birth",
         "tempat tanggal lahir", "tl", "tgl lhr", "tgllhr", "lhr", "tanggal lhr", "tglahir"}
    )  # fmt: skip
    prefilter = _INTRODUCED
    shortest = 5
    worded = True
    strays = _TRUE_DATE
    hints = ((_TRUE_DATE, 8), ("19[3-9][0-9]", 0))

    def start(self) -> BirthTally:
        """Return an empty tally for one column."""
        return BirthTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind."""
        return place.mentions(self.context) and not place.mentions(_AGAINST)

    def update(self, tally: BirthTally, cells: pl.Series, place: Place) -> None:
        """Count dates under a heading, introduced ones within text."""
        if not place.free_text and self.wants(place):
            stripped = cells.str.strip_chars(" \t\r\n'\"=`")
            # Births are counted, too: a number needs a heading that says a date.
            numbers = f"|{_COMPACT}|{_SERIAL}" if place.mentions(_DATED) else ""
            good = stripped.str.contains(_CELL + numbers)
            tally.whole += int(good.sum())
            return
        dates = cells.str.contains(_TRUE_DATE)
        found = cells.filter(dates)
        if len(found):
            years = found.str.extract("((?:19|20)[0-9]{2})").cast(pl.Int32)
            tally.whole += len(found)
            tally.early += int((years < 2000).sum())
            tally.seen.update((years // 10).unique().to_list())
        rest = cells.filter(~dates)
        tally.text += int(rest.str.contains(_INTRODUCED).sum())

    def conclude(self, tally: BirthTally, filled: int, place: Place) -> Finding | None:
        """Judge the column. No part of a date is shown."""
        if not place.free_text and self.wants(place):
            if tally.whole * 5 < filled or not tally.whole:
                return None
            return self.finding("**-**-****", tally.whole, filled, 0.95, "tanggal_lahir.header")
        spread = len(tally.seen) >= 3 and tally.early * 4 >= tally.whole
        if place.person_level and not place.headed and spread and tally.whole * 2 >= filled:
            return self.finding("**-**-****", tally.whole, filled, 0.5, "tanggal_lahir.values")
        if tally.text:
            return self.finding("**-**-****", tally.text, filled, 0.8, "tanggal_lahir.text")
        return None


_DATED = frozenset({"tgl", "tanggal", "ttl", "dob", "date", "tgllahir", "tanggallahir", "tgllhr"})
_AGAINST = frozenset(
    {"jumlah", "jml", "total", "angka", "bayi", "hidup", "mati", "kelahiran", "berat"}
)

"""Numbers of sixteen digits that begin with a region and a date: NIK and family card (KK).

Structure (Dukcapil; compared with python-stdnum 2.2, whose ``id.nik`` accepts days 81-99,
serial 0000 and future dates and rejects the newer Papuan provinces)::

    PP RR SS  DD MM YY  NNNN
    province, regency, district at first registration; date; serial number 0001-9999

The date of a NIK is the birth date, with 40 added to the day for women; that of a KK is the
day of registration. A year YY always has a reading in 19YY that is past, so no date can be
"in the future"; 29 February exists if YY is divisible by four (1900 was no leap year, 2000
was). The whole check is therefore a regular expression and runs on columns.

Random sixteen digits pass date and province at about 3 %, so what a column says as a whole
decides: the share that passes, the variety of days, the heading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import accumulate

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.disclosure.totals import digits_only

from .base import DISTINCT, Place, Recognizer, Tally, trim
from .luhn import luhn_valid
from .parts import Parts

PROVINCE = "(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
REGION = PROVINCE + "(?:0[1-9]|[1-9][0-9]){2}"
ANY_REGION = "[1-9][0-9]{5}"
LOCAL = "61(?:0[1-9]|1[0-2]|7[12])(?:0[1-9]|[1-3][0-9])"
"""West Kalimantan, its 12 regencies and 2 cities: the rarest prefix by chance, 1 in 25,000."""

_LOCAL_REGIONS = [
    regency * 100 + district
    for regency in (*range(6101, 6113), 6171, 6172)
    for district in range(1, 40)
]

MALE = (
    "(?:(?:0[1-9]|1[0-9]|2[0-8])(?:0[1-9]|1[0-2])[0-9]{2}"
    "|(?:29|30)(?:0[13-9]|1[0-2])[0-9]{2}"
    "|31(?:0[13578]|1[02])[0-9]{2}"
    "|2902(?:[02468][048]|[13579][26]))"
)
FEMALE = (
    "(?:(?:4[1-9]|5[0-9]|6[0-8])(?:0[1-9]|1[0-2])[0-9]{2}"
    "|(?:69|70)(?:0[13-9]|1[0-2])[0-9]{2}"
    "|71(?:0[13578]|1[02])[0-9]{2}"
    "|6902(?:[02468][048]|[13579][26]))"
)
DATE = f"(?:{MALE}|{FEMALE})"
SERIAL = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"

VALID = f"^{REGION}{DATE}{SERIAL}$"
VALID_ANYWHERE = f"^{ANY_REGION}{DATE}{SERIAL}$"
DAYS = 20
"""So many days of a month are variety enough; one sort of code has one or two."""
VALID_LOCAL = f"^{LOCAL}{DATE}{SERIAL}$"
VALID_FEMALE = f"^{REGION}{FEMALE}{SERIAL}$"
LOST = f"^{REGION}{DATE}0000$"
BPS_SHAPE = "^[0-9]{6}[123]0(?:0[1-9]|1[0-2])00(?:0[1-9]|[1-9][0-9])0[0-9]$"
"""BPS ``idsubsls``: 2+2+3+3+4+2 digits read as a date in 2000. A real NIK of such a date
would need a serial of 100 or more."""

SHAPE = "^[0-9]{16}$"
SEPARATED = r"[0-9](?:[ ./\-]?[0-9]){15}"
SCIENTIFIC = r"[0-9][eE]\+?0?15"
_DECIMAL = r"^[+\-]?[0-9]{1,15}[.,][0-9]+(?:[eE][+\-]?[0-9]+)?$"
_SCIENTIFIC = re.compile(r"^[1-9][.,]\d+[eE]\+?0?15$")
_THOUSANDS = re.compile(r"^\d([.,])\d{3}(?:\1\d{3}){4}$")
_WHOLE = re.compile(r"^\d+(?:([ ./\-])\d+(?:\1\d+)*)?$")
_NOT_DIGIT = re.compile(r"\D+")


def _grouped(sep: str) -> str:
    groups = ((6, 6, 4), (4, 4, 4, 4), (2, 2, 2, 6, 4), (2, 2, 2, 2, 2, 2, 4), (6, 2, 2, 2, 4))
    return "|".join(sep.join(rf"\d{{{n}}}" for n in group) for group in groups)


_EMBEDDED = re.compile(
    r"(?<!\d)(?<!\d[.,])(?P<n>\d{16}|"
    + "|".join(_grouped(s) for s in (" ", r"\.", "-", "/"))
    + r")(?!\d)(?![.,]\d{1,9}(?!\d))"
    # A list of numbers joined by commas: the lookbehind above must not hide the later ones.
    r"|(?<=\d{16}[.,])(?P<m>\d{16})(?!\d)"
)
_VALID = re.compile(VALID)
_VALID_ANYWHERE = re.compile(VALID_ANYWHERE)
_LOST = re.compile(LOST)
_BEFORE_KK = re.compile(r"(?:\bk\.?k\.?|kartu\s+keluarga)\W{0,4}(?:no(?:mor)?\W{0,3})?$", re.I)
_BEFORE_CARD = re.compile(
    r"(?:kartu|card|visa|mastercard)[a-z ]{0,20}\W{0,4}(?:no(?:mor)?\W{0,3})?$", re.I
)
_BEFORE_NIK = re.compile(
    r"(?:\bnik|\bk\.?t\.?p\.?|kependudukan|identitas)\W{0,4}(?:no(?:mor)?\W{0,3})?$", re.I
)


@dataclass
class SixteenTally(Tally):
    """Counts of one column. ``text_*`` count cells in which the number stands within text."""

    shaped: int = 0
    valid: int = 0
    valid_anywhere: int = 0
    female: int = 0
    local_shaped: int = 0
    local: int = 0
    lost: int = 0
    bps: int = 0
    text_nik: int = 0
    text_kk: int = 0
    kk_sample: str = ""
    lost_sample: str = ""
    weak_sample: str = ""
    days: set[str] = field(default_factory=set)

    @property
    def monotonous(self) -> bool:
        """Many different numbers, hardly any different day: a code, not dates."""
        return len(self.seen) >= 10 and len(self.days) <= 2

    @property
    def local_stands_out(self) -> bool:
        """More local numbers than chance puts among the others (needs P < 0.001)."""
        expected = self.shaped / 25_000
        needed = 1 + (self.shaped > 25) + math.ceil(8 * expected - 0.5)
        return self.local >= needed and self.local * 2 >= self.local_shaped


class Sixteen(Recognizer[SixteenTally]):
    """What NIK and KK have in common: they count once and conclude each for itself."""

    family = "sixteen"
    personal_class = PersonalClass.GENERAL
    hard = True
    prefilter = f"{SEPARATED}|{SCIENTIFIC}"
    shortest = 5
    bare = 16
    bare_most = 16

    def start(self) -> SixteenTally:
        return SixteenTally()

    def update(self, tally: SixteenTally, cells: pl.Series, place: Place) -> None:
        # Under a heading that names the number any grouping of the digits is accepted.
        count(tally, cells, headed_nik(place) or headed_kk(place))

    def manner(self, place: Place) -> bool:
        return headed_nik(place) or headed_kk(place)

    def update_many(
        self,
        tallies: Sequence[SixteenTally],
        columns: Sequence[pl.Series],
        places: Sequence[Place],
    ) -> None:
        cells = Parts.of(columns)
        bare = cells.counts(cells.contains(SHAPE))
        many = [n for n, column in enumerate(columns) if bare[n] == len(column)]
        if many:
            _count_whole([tallies[n] for n in many], cells.some(many))
        for number, column in enumerate(columns):
            if bare[number] < len(column):
                self.update(tallies[number], column, places[number])


def count(tally: SixteenTally, cells: pl.Series, heading_says: bool) -> None:
    """Count everything the two recognisers need within cells that passed the prefilter."""
    # Bare numbers come by the million, and need none of what the others need.
    size = cells.str.len_bytes()
    if (size == 16).all() and digits_only(cells) is not None:
        _count_whole([tally], Parts.of([cells]))
        return
    if (size == 16).any():
        plain = cells.str.contains(SHAPE)
        _count_whole([tally], Parts.of([cells if plain.all() else cells.filter(plain)]))
        cells, size = cells.filter(~plain), size.filter(~plain)
    short = cells.filter(size < 16)
    cells = cells.filter(size >= 16)
    cells = pl.concat(
        [
            cells.filter(cells.str.contains(SEPARATED) | cells.str.contains(SCIENTIFIC)),
            short.filter(short.str.contains(SCIENTIFIC)),
        ]
    )
    if not len(cells):
        return
    trimmed = trim(cells)
    plain = trimmed.str.contains(SHAPE)
    _count_whole([tally], Parts.of([trimmed.filter(plain)]))
    rest = trimmed.filter(~plain)
    rest = rest.filter(~rest.str.contains(_DECIMAL) | rest.str.contains(r"[eE]\+?0?15$"))
    for cell in rest.to_list():
        _count_other(tally, cell, heading_says)


def _count_whole(tallies: Sequence[SixteenTally], whole: Parts) -> None:
    """Count numbers of sixteen bare digits."""
    if not len(whole.cells):
        return
    passes = whole.contains(VALID)
    every = bool(passes.all())
    valid = whole if every else whole.filter(passes)
    others = Parts(whole.cells.clear(), [0] * len(tallies)) if every else whole.filter(~passes)
    lost = others.filter(others.contains(LOST)) if len(others.cells) else others
    for tally, shaped, first, good, gone in zip(
        tallies, whole.lengths, whole.firsts(), valid.lengths, lost.lengths, strict=True
    ):
        tally.shaped += shaped
        tally.valid += good
        tally.valid_anywhere += good
        tally.lost += gone
        tally.weak_sample = tally.weak_sample or mask_digits(first or "")
    if len(others.cells):
        anywhere = others.counts(others.contains(VALID_ANYWHERE))
        local = others.counts(others.contains(f"^{LOCAL}"))
        for tally, some, near in zip(tallies, anywhere, local, strict=True):
            tally.valid_anywhere += some
            tally.local_shaped += near
    if len(valid.cells):
        _count_valid(tallies, valid)
    if len(lost.cells):
        for tally, first in zip(tallies, lost.firsts(), strict=True):
            tally.lost_sample = tally.lost_sample or mask_digits(first or "")
        # What was lost says of the days only where nothing is left that is valid.
        alone = [not n for n in valid.lengths]
        _note_dates(tallies, lost, alone)


def _count_valid(tallies: Sequence[SixteenTally], valid: Parts) -> None:
    # What is asked of millions is computed, which costs a tenth of an expression.
    numbers = valid.cells.cast(pl.Int64)
    local = valid.counts((numbers // 10**10).is_in(_LOCAL_REGIONS))
    female = valid.counts(numbers // 10**8 % 100 > 40)
    of_2000 = valid.filter(numbers // 10**4 % 100 == 0)
    bps = of_2000.counts(of_2000.contains(BPS_SHAPE)) if len(of_2000.cells) else [0] * len(tallies)
    for tally, first, near, women, codes in zip(
        tallies, valid.firsts(), local, female, bps, strict=True
    ):
        tally.sample = tally.sample or mask_digits(first or "")
        tally.local += near
        tally.local_shaped += near
        tally.female += women
        tally.bps += codes
    _note_dates(tallies, valid, [True] * len(tallies))


def _note_dates(tallies: Sequence[SixteenTally], dated: Parts, noted: Sequence[bool]) -> None:
    """Remember some numbers and days of the columns that are to be noted."""
    starts = accumulate([0, *dated.lengths])
    wanting = any(len(t.days) < DAYS for t in tallies)
    days = dated.cells.str.slice(6, 2) if wanting else dated.cells
    for tally, start, length, note in zip(tallies, starts, dated.lengths, noted, strict=False):
        if note and length:
            tally.note_distinct(dated.cells.slice(start, length))
            if len(tally.days) < DAYS:
                some = days.slice(start, length)
                tally.days.update((some if length <= DISTINCT else some.unique()).to_list())


def _count_other(tally: SixteenTally, cell: str, heading_says: bool) -> None:
    """Count one cell that is not sixteen bare digits."""
    if _SCIENTIFIC.match(cell):
        _count_scientific(tally, cell, heading_says)
        return
    grouping = _WHOLE.match(cell)
    thousands = _THOUSANDS.match(cell)
    if thousands and not heading_says:
        tally.shaped += 1
        return
    if grouping or heading_says:
        digits = _NOT_DIGIT.sub("", cell)
        if len(digits) == 16 and (grouping or thousands or not any(c.isalpha() for c in cell)):
            _count_digits(tally, digits)
            return
    kinds = set()
    for match in _EMBEDDED.finditer(cell):
        digits = _NOT_DIGIT.sub("", match["n"] or match["m"])
        before = cell[max(0, match.start() - 32) : match.start()]
        named_kk = bool(_BEFORE_KK.search(before))
        named_nik = bool(_BEFORE_NIK.search(before))
        if not (named_kk or named_nik) and _BEFORE_CARD.search(before) and luhn_valid(digits):
            continue  # a payment card; one in thirty has a region and a date as well
        if _VALID.match(digits) or ((named_kk or named_nik) and _VALID_ANYWHERE.match(digits)):
            kinds.add("kk" if named_kk else "nik")
            if named_kk:
                tally.kk_sample = tally.kk_sample or mask_digits(digits)
            else:
                tally.sample = tally.sample or mask_digits(digits)
    tally.text_kk += "kk" in kinds
    tally.text_nik += "nik" in kinds


def _count_digits(tally: SixteenTally, digits: str) -> None:
    tally.shaped += 1
    tally.weak_sample = tally.weak_sample or mask_digits(digits)
    if _VALID.match(digits):
        tally.valid += 1
        tally.sample = tally.sample or mask_digits(digits)
        tally.female += bool(re.match(VALID_FEMALE, digits))
        tally.local += bool(re.match(VALID_LOCAL, digits))
        tally.local_shaped += bool(re.match(LOCAL, digits))
        tally.bps += bool(re.match(BPS_SHAPE, digits))
        if len(tally.days) < DISTINCT:
            tally.days.add(digits[6:8])
            tally.seen.add(hash(digits))
    elif _LOST.match(digits):
        tally.lost += 1
        tally.lost_sample = tally.lost_sample or mask_digits(digits)
    tally.valid_anywhere += bool(_VALID_ANYWHERE.match(digits))


def _count_scientific(tally: SixteenTally, cell: str, heading_says: bool) -> None:
    """``6.171010101900001e15``: exact with 16 figures; with fewer the tail is gone."""
    mantissa = _NOT_DIGIT.sub("", re.split("[eE]", cell)[0])
    try:
        digits = str(int(Decimal(cell.replace(",", ".")).to_integral_value()))
    except InvalidOperation:  # pragma: no cover - the pattern admits numbers only
        return
    if len(mantissa) >= 16:
        _count_digits(tally, digits[:16])
    elif (len(mantissa) >= 12 and re.match(f"^{REGION}{DATE}", digits)) or (
        heading_says and re.match(f"^{PROVINCE}", digits)
    ):
        _count_lost(tally, digits)
    else:
        tally.shaped += 1


def _count_lost(tally: SixteenTally, digits: str) -> None:
    tally.shaped += 1
    tally.lost += 1
    tally.lost_sample = tally.lost_sample or mask_digits(digits)
    if len(tally.days) < DISTINCT:
        tally.days.add(digits[6:8])
        tally.seen.add(hash(digits))


KK_HEADINGS = frozenset(
    {"kk", "no kk", "nokk", "nomor kk", "nomorkk", "nkk", "kartu keluarga", "no kartu keluarga"}
)
NIK_HEADINGS = frozenset(
    {
        "nik", "no nik", "nomor nik", "ktp", "no ktp", "nomor ktp", "ektp", "e ktp", "kia",
        "induk kependudukan", "identitas kependudukan", "no identitas", "nomor identitas",
        "id penduduk", "nik ayah", "nik ibu", "nik anak", "nik pasien",
    }
)  # fmt: skip


def headed_nik(place: Place) -> bool:
    return place.mentions(NIK_HEADINGS)


def headed_kk(place: Place) -> bool:
    return place.mentions(KK_HEADINGS)

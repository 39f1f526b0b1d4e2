"""Telephone numbers of persons. Fixed lines (0561…) are mostly those of offices.

They are silent but for one case: under a heading in a list of persons they ring at home.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import office
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.msgids import N_

from .base import DISTINCT, Place, Recognizer, Tally, trim
from .parts import Parts

_TRUNK = r"(?:\(?(?:\+|00)[ ]?62\)?[ .\-]{0,2}\(?0?\)?|\(?62\)?[ .\-]{0,2}\(?0?\)?|\(?0)"
_GROUPS = (
    "8[1-9]",
    r"[0-9]{7,10}",  # 081234567890
    r"[0-9]{1,2}\)?[ .\-]{1,3}[0-9]{3,4}[ .\-]{0,3}[0-9]{3,5}",  # 0812-3456-7890
    r"[0-9]{1,2}\)?(?:[ .\-]{1,2}[0-9]{2}){3,4}",  # 0812 34 56 78 90
)
NUMBER = f"{_TRUNK}{_GROUPS[0]}(?:{'|'.join(_GROUPS[1:])})"
WHOLE = f"^{NUMBER}$"
PLAIN = "^08[1-9][0-9]{7,10}$"
STRIPPED = r"^(?:(?:\+|00)?620?|0)8[1-9][0-9]{7,10}$"
KNOWN = r"^(?:(?:\+|00)?620?|0)?8(?:1[1-9]|2[1-3]|3[1-38]|5[1-35-9]|7[78]|8[1-9]|9[5-9])"
"""Prefixes of the operators; they raise the score but do not decide, new ones appear."""

HOME = r"^(?:(?:\+|00)?620?|0)[1-9][0-9]{6,11}$"
"""A number with its area code, without separators; mobile numbers look like that too."""

_SEPARATORS = r"[ .\-()/]"
_INSIDE = re.compile(
    rf"(?:(?<![0-9A-Za-z_+])(?<!\d[.,\-])|(?<=hp|wa|lp|no))({NUMBER})(?!\w)(?!\.\d)", re.I
)
_AMOUNT = re.compile(r"^62\d*\.[\d.]*$")
_CURRENCY = re.compile(r"\b(?:rp|idr)\W*$", re.I)
_GROUPED = re.compile(r"\d{4} $")

_AT_HOME = frozenset({"rumah"})
_SERVICES = frozenset(
    {"hotline", "call center", "callcenter", "pengaduan", "layanan", "pelayanan", "darurat",
     "customer service", "cs", "helpdesk", "aduan"}
)  # fmt: skip
"""Words of a heading that say: the number answers for a service, whoever holds the telephone."""
HEADINGS = frozenset(
    {
        "hp", "nohp", "no hp", "nomor hp", "handphone", "hape", "ponsel", "telp", "notelp",
        "telepon", "telpon", "tlp", "tlpn", "tel", "phone", "mobile", "wa", "whatsapp", "kontak",
        "contact", "cp", "seluler", "hotline", "call center", "narahubung", "no telp",
    }
)  # fmt: skip
OTHER_HEADINGS = frozenset(
    {
        "kode", "kd", "code", "barcode", "ean", "sku", "npsn", "nisn", "nis", "nip", "npwp",
        "rekening", "norek", "id", "jumlah", "jml", "total", "nilai", "anggaran", "harga", "pagu",
        "realisasi", "rupiah", "faktur", "kwitansi", "kuitansi", "surat", "spm",
        "registrasi", "reg", "nib", "imei", "invoice", "resi", "kontrak", "tagihan", "meter",
        "seri", "serial",
        "sertifikat", "izin", "rp", "bpjs", "penduduk", "populasi", "timestamp", "epoch",
    }
)  # fmt: skip


def _of_an_office(place: Place) -> bool:
    """Say whether the heading claims that the numbers are those of an office or a service."""
    return office(place.context) or place.mentions(_SERVICES)


@dataclass
class PhoneTally(Tally):
    numeric: int = 0
    whole: int = 0
    zero_leading: int = 0
    zero_valid: int = 0
    bare62: int = 0
    looked: int = 0
    known: int = 0
    bare8: int = 0
    bare8_sample: str = ""
    text: int = 0
    home: int = 0
    home_sample: str = ""
    prefixes: set[str] = field(default_factory=set)


class Telepon(Recognizer[PhoneTally]):
    """``08…``, ``+62 8…``, ``62 8…``; under a heading also ``8…``, whose 0 Excel dropped.

    With a heading 0.95. Under one of an office or a service 0.6, and not as a hard identifier:
    such numbers are meant to be called, but may be those of an employee, so a person looks at
    them; where a row is a person the heading's word is not taken. Without a heading 0.7 with an
    operator's prefix, else 0.5, and only if most numbers of that form in the column are mobile
    numbers: amounts may begin with 628, codes with 08.
    """

    kind = "telepon"
    label = N_("Mobile number")
    rank = 100
    since = "2026.5"
    evidence = Evidence.CONTACT
    headings = frozenset(
        {"no hp", "hp", "telepon", "telp", "no telp", "handphone", "whatsapp", "wa"}
    )
    of_offices = True
    sentences = {
        "header": N_("The column is headed as telephone and holds mobile numbers."),
        "pattern": N_("The values have the form of Indonesian mobile numbers."),
        "office": N_(
            "The column is headed as telephone of an office or a service and holds mobile numbers,"
            " which may be private."
        ),
        "text": N_("A mobile number stands within longer text."),
        "home": N_("Fixed lines in a list of persons: they ring at home."),
    }
    personal_class = PersonalClass.GENERAL
    hard = True
    context = HEADINGS
    # The second form is not about telephones: it counts the numbers they must stand out from.
    prefilter = r"(?:0|62)\)?[ .\-]{0,2}\(?0?\)?8[1-9]|^[\s'\"=`]*[0-9]{9,15}(?:[^0-9]|$)"
    form = rf"{NUMBER}|^[\s'\"=`]*[0-9]{{9,15}}(?:[^0-9]|$)"
    shortest = 9
    bare = 9
    bare_most = 15
    idle = (
        "^(?:[1-57-9][0-9]{3}|6[013-9][0-9]{2}|62[1-79][0-9]|620[0-79]|6280)[0-9]{5,9}"
        r"(?:[.,]0{1,2})?$"
    )
    """Amounts and codes: numbers of nine to thirteen digits that cannot be called.

    Those that begin with 8 can, but under a heading only, and then all cells are looked at.
    """

    def start(self) -> PhoneTally:
        return PhoneTally()

    def count_idle(self, tally: PhoneTally, count: int) -> None:
        tally.numeric += count

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of telephones: fixed lines are written in any way."""
        return place.mentions(HEADINGS)

    def manner(self, place: Place) -> bool:
        return True

    def update_many(
        self, tallies: Sequence[PhoneTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        cells = Parts.of(columns)
        plain = cells.contains(PLAIN)
        if plain.any():
            # Most numbers are written so, and then nothing else is to be asked.
            every = plain.all()
            self._count_plain(tallies, cells if every else cells.filter(plain))
            if every:
                return
            cells = cells.filter(~plain)
        for number, place in enumerate(places):
            if not place.free_text and self.wants(place):
                self._count_home(tallies[number], cells[number])
        cells = cells.filter(cells.contains(self.prefilter))
        trimmed = Parts(trim(cells.cells), cells.lengths)
        if not len(trimmed.cells):
            return
        numeric = trimmed.contains("^[0-9]{9,15}$")
        leading = trimmed.contains("^0[0-9]{9,12}$")
        shaped = trimmed.contains(WHOLE)
        self._count_whole(tallies, trimmed.filter(shaped))
        bare8 = trimmed.filter(trimmed.contains("^8[1-9][0-9]{7,10}$"))
        for tally, count, zeros, eights, first in zip(
            tallies, trimmed.counts(numeric), trimmed.counts(leading), bare8.lengths,
            bare8.firsts(), strict=True,
        ):  # fmt: skip
            tally.numeric += count
            tally.zero_leading += zeros
            if eights:
                tally.bare8 += eights
                tally.bare8_sample = tally.bare8_sample or mask_digits(first or "")
        rest = trimmed.filter(~shaped & ~numeric)
        rest = rest.filter(rest.contains(NUMBER))
        for number, cell in zip(rest.places().to_list(), rest.cells.to_list(), strict=True):
            self._count_inside(tallies[number], cell)

    def update(self, tally: PhoneTally, cells: pl.Series, place: Place) -> None:
        self.update_many([tally], [cells], [place])

    def _count_plain(self, tallies: Sequence[PhoneTally], good: Parts) -> None:
        """Count what is written as ``081234567890``."""
        for tally, count in zip(tallies, good.lengths, strict=True):
            for name in ("numeric", "zero_leading", "whole", "zero_valid"):
                setattr(tally, name, getattr(tally, name) + count)
        self._count_prefixes(tallies, good)

    def _count_prefixes(self, tallies: Sequence[PhoneTally], good: Parts) -> None:
        """Note operators and variety of some of the numbers, and one of them masked."""
        some = Parts.of([good.cells.head(4096)]) if len(tallies) == 1 else good
        known = some.counts(some.contains(KNOWN))
        wanting = any(len(tally.prefixes) < DISTINCT for tally in tallies)
        first = some.cells
        if wanting:
            first = first.str.replace(r"^(?:(?:\+|00)?620?|0)", "").str.slice(0, 3)
        starts = accumulate([0, *some.lengths])
        for tally, start, length, count in zip(tallies, starts, some.lengths, known, strict=False):
            if not length:
                continue
            tally.looked += length
            tally.known += count
            tally.note_distinct(some.cells.slice(start, length))
            if len(tally.prefixes) < DISTINCT:
                part = first.slice(start, length)
                tally.prefixes.update((part if length <= DISTINCT else part.unique()).to_list())
            tally.sample = tally.sample or mask_digits(some.cells[start])

    def _count_home(self, tally: PhoneTally, cells: pl.Series) -> None:
        """Count fixed lines: numbers with an area code that are no mobile numbers."""
        if not len(cells):
            return
        stripped = trim(cells).str.replace_all(_SEPARATORS, "")
        home = stripped.filter(stripped.str.contains(HOME) & ~stripped.str.contains(STRIPPED))
        tally.home += len(home)
        if len(home):
            tally.home_sample = tally.home_sample or mask_digits(home[0])

    def _count_whole(self, tallies: Sequence[PhoneTally], candidates: Parts) -> None:
        if not len(candidates.cells):
            return
        stripped = Parts(candidates.cells.str.replace_all(_SEPARATORS, ""), candidates.lengths)
        fits = stripped.contains(STRIPPED)
        good = stripped.filter(fits)
        if not len(good.cells):
            return
        # Amounts may be grouped like 628.123.456.789, so 62 counts as sure only with a plus.
        amounts = candidates.counts(candidates.contains(r"^62[0-9.]*$") & fits)
        zeros = good.counts(good.contains("^08"))
        for tally, count, bare, valid in zip(tallies, good.lengths, amounts, zeros, strict=True):
            tally.whole += count
            tally.bare62 += bare
            tally.zero_valid += valid
        self._count_prefixes(tallies, good)

    def _count_inside(self, tally: PhoneTally, cell: str) -> None:
        for match in _INSIDE.finditer(cell):
            stripped = re.sub(_SEPARATORS, "", match[1])
            amount = _AMOUNT.match(match[1]) or _CURRENCY.search(cell[: match.start()][-6:])
            # "4111 0812 3456 7890" is one number in groups of four, not a telephone.
            part = stripped != match[1] and _GROUPED.search(cell[: match.start()][-6:])
            if re.match(STRIPPED, stripped) and not amount and not part:
                tally.text += 1
                tally.sample = tally.sample or mask_digits(stripped)
                return

    def conclude(self, tally: PhoneTally, filled: int, place: Place) -> Finding | None:
        if place.mentions(HEADINGS):
            at_home = place.person_level and not office(place.context)
            home = tally.home if at_home or place.mentions(_AT_HOME) else 0
            total = tally.whole + tally.bare8 + tally.text
            if total:
                sample = tally.sample or tally.bare8_sample
                if not place.person_level and _of_an_office(place):
                    return self.finding(sample, total, filled, 0.6, "telepon.office", hard=False)
                return self.finding(sample, total + home, filled, 0.95, "telepon.header")
            if not home:
                return None
            return self.finding(tally.home_sample, home, filled, 0.7, "telepon.home", hard=False)
        whole = self._unlabelled(tally, place)
        if whole:
            score = 0.7 if tally.known * 2 >= tally.looked else 0.5
            return self.finding(tally.sample, whole + tally.text, filled, score, "telepon.pattern")
        if tally.text:
            return self.finding(tally.sample, tally.text, filled, 0.7, "telepon.text")
        return None

    def _unlabelled(self, tally: PhoneTally, place: Place) -> int:
        """Return how many whole cells count although no heading says telephone."""
        if place.mentions(OTHER_HEADINGS):
            return 0
        whole = tally.whole
        if tally.bare62 * 2 < tally.numeric:
            whole -= tally.bare62
        if tally.zero_valid * 2 < tally.zero_leading:
            whole -= tally.zero_valid
        monotonous = len(tally.seen) >= 10 and len(tally.prefixes) == 1
        return 0 if monotonous else whole

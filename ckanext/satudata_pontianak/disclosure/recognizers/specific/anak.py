"""Data of children."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all
from ckanext.satudata_pontianak.disclosure.words import words
from ckanext.satudata_pontianak.msgids import N_

from ..base import Place, Recognizer, Tally

_OF_A_CHILD = frozenset("""anak balita bayi baduta batita siswa murid santri pd""".split()) | {
    "peserta didik",
    "ibu kandung",
    "anak asuh",
    "wali murid",
}
_WHAT = frozenset("""nama nik umur usia tgl tanggal lahir ibu no nomor wali foto name nm""".split())
_AGE = frozenset({"umur", "usia", "age", "umur tahun", "usia tahun"})
_AGAINST = frozenset(
    """jumlah jml total banyak persen sekolah ke kelompok rata status tanggungan urutan
    kelas jenis daftar masuk lulus induk nisn nis""".split()
)
_NAME = "^[^0-9]*[A-Za-z]{3}[^0-9]*$"
_PLAIN = r"(?i)^\s*([0-9]{1,3})(?:[.,]0)?\s*(?:th|thn|tahun)?\.?\s*$"
_MONTHS = r"(?i)^\s*[0-9]{1,2}\s*(?:bln|bulan)\b"


@dataclass
class ChildTally(Tally):
    """Cells that say something; ages, and those below eighteen."""

    said: int = 0
    ages: int = 0
    young: int = 0


class Anak(Recognizer[ChildTally]):
    """Names, numbers and birth dates of children, and ages most of which are below 18.

    UU 27/2022 article 4 (2) e. How many children somebody has (``jumlah anak``) is no child's data.
    """

    kind = "anak"
    label = N_("Data of a child")
    rank = 220
    since = "2026.4"
    sensitive = True
    sentences = {
        "header": N_("A child's data, by the heading."),
        "age": N_("Most ages in this list of persons are below 18."),
    }
    personal_class = PersonalClass.SPECIFIC
    hard = False
    context = _OF_A_CHILD

    @property
    def named(self) -> frozenset[str]:
        """Terms of children's data, and of ages."""
        return _OF_A_CHILD | _AGE

    def start(self) -> ChildTally:
        """Return an empty tally for one column."""
        return ChildTally()

    def wants(self, place: Place) -> bool:
        """Cells under a heading of a child's data, or of ages."""
        return self._child(place) or self._age(place)

    @staticmethod
    def _child(place: Place) -> bool:
        of_child = place.mentions(_OF_A_CHILD) and (place.mentions(_WHAT) or _alone(place))
        return (of_child or place.mentions(frozenset({"ibu kandung"}))) and not place.mentions(
            _AGAINST
        )

    @staticmethod
    def _age(place: Place) -> bool:
        return place.mentions(_AGE) and not place.mentions(_AGAINST)

    def update(self, tally: ChildTally, cells: pl.Series, place: Place) -> None:
        """Count cells and ages."""
        form = _NAME if _alone(place) else "[A-Za-z0-9]"
        tally.said += int(cells.str.contains(form).sum())
        if self._age(place):
            years = cells.str.extract(_PLAIN).cast(pl.Int32, strict=False).drop_nulls()
            months = int(cells.str.contains(_MONTHS).sum())
            tally.ages += len(years) + months
            tally.young += int((years < 18).sum()) + months

    def conclude(self, tally: ChildTally, filled: int, place: Place) -> Finding | None:
        """Judge the column; no age is shown."""
        if not place.person_level or place.free_text or not tally.said:
            return None
        if self._child(place) and (not _alone(place) or tally.said * 2 > filled):
            return self.finding(mask_all("x"), tally.said, filled, 0.85, "anak.header")
        if tally.young * 2 > tally.ages and tally.young * 2 > filled:
            return self.finding(mask_all("x"), tally.young, filled, 0.7, "anak.age")
        return None


def _alone(place: Place) -> bool:
    """Whether the heading is nothing but a word for children: it may head names or counts."""
    said = words(place.context)
    return bool(said) and all(word in _OF_A_CHILD for word in said)

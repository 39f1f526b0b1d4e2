"""What a special category has in common with the others: a column of a list of persons.

Religion, illness or aid is no identifier: beside a kecamatan it is a statistic, beside a name it is
personal data. So these kinds need a table whose rows are persons, and there a heading that says
so, or values most of which are known words of the category.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Finding
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all

from ..base import Place, Recognizer, Tally
from ..parts import Parts

NOTHING = r"(?i)^[\s\-.]*(?:tidak(?: ada)?|tdk|nihil|kosong|n/?a|null|none|belum|0)?[\s\-.]*$"
_ALWAYS_AGAINST = frozenset(
    """jumlah jml total persen persentase banyak kode petugas kepala tanggal tgl tahun
    tempat lokasi nomor no id dokter alamat telepon""".split()
)


@dataclass
class AttributeTally(Tally):
    """Cells that say something, and those that hold a known word of the category."""

    said: int = 0
    known: int = 0


class Attribute(Recognizer[AttributeTally]):
    """A special category.

    ``context``: its headings; ``against``: words that make them something else; ``allowed``: of
    those that always do, the ones that do not here. ``values``: known words (Rust), ``""`` where
    values say nothing by themselves. ``shape``: what a value under the heading has to look like,
    ``""`` for anything.
    """

    hard = False
    against: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    values: str = ""
    shape: str = ""

    @property
    def hints(self) -> tuple[tuple[str, int], ...]:  # type: ignore[override]
        """Most cells are known words."""
        return ((self.values, 5),) if self.values else ()

    def start(self) -> AttributeTally:
        """Return an empty tally for one column."""
        return AttributeTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind."""
        against = (_ALWAYS_AGAINST - self.allowed) | self.against
        return place.mentions(self.context) and not place.mentions(against)

    def update(self, tally: AttributeTally, cells: pl.Series, place: Place) -> None:
        """Count cells that say something."""
        self.update_many([tally], [cells], [place])

    def manner(self, place: Place) -> bool:
        """Under a heading of the kind cells may need a shape."""
        return bool(self.shape) and self.wants(place)

    def update_many(
        self,
        tallies: Sequence[AttributeTally],
        columns: Sequence[pl.Series],
        places: Sequence[Place],
    ) -> None:
        """Count within several columns."""
        cells = Parts.of(columns)
        said = cells.filter(~cells.contains(NOTHING))
        if self.manner(places[0]):
            said = said.filter(said.contains(self.shape))
        known = said.counts(said.contains(self.values)) if self.values else [0] * len(tallies)
        for tally, some, words in zip(tallies, said.lengths, known, strict=True):
            tally.said += some
            tally.known += words

    def conclude(self, tally: AttributeTally, filled: int, place: Place) -> Finding | None:
        """Judge the column; no value is shown, since few letters would give it away."""
        if not place.person_level or place.free_text or not tally.said:
            return None
        if self.wants(place):
            score = 0.9 if not self.values or tally.known * 2 >= tally.said else 0.75
            return self.finding(mask_all("x"), tally.said, filled, score, f"{self.kind}.header")
        if (
            self.values
            and tally.known * 5 >= max(tally.said * 3, filled * 2)
            and not place.mentions(_NOT_A_VALUE)
        ):
            return self.finding(mask_all("x"), tally.known, filled, 0.6, f"{self.kind}.values")
        return None


_NOT_A_VALUE = frozenset(
    {"nama", "alamat", "kode", "kelurahan", "kecamatan", "sekolah", "instansi"}
)

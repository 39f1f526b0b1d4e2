"""Home addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import OFFICE, official
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally
from .parts import Parts

_STREET = (
    r"(?:jl|jln|jalan|gg|gang|komp|komplek|kompleks|perum|perumahan|perumnas|dusun|dsn|lorong|"
    r"lrg)\b\.? ?[a-z0-9]"
)
_HOUSE = r"(?:\brt\.? ?/?(?:rw)?\.? ?[0-9]{1,3}|\bno\.? ?[0-9]{1,4}|\bblok ?[a-z0-9])"
ADDRESS = rf"(?i)(?:^|[ ,(]){_STREET}|\brt\.? ?0*[0-9]{{1,3}} ?[/,.\-]? ?(?:\.? ?rw)"
_FULL = rf"(?i){_STREET}.{{2,80}}{_HOUSE}|\brt\.? ?0*[0-9]{{1,3}} ?[/,.\-]? ?rw"
_UNNAMED = (
    r"^\s*(?i:jl|jln|jalan|gg|gang|komp|komplek|kompleks|perum|perumahan|dusun)\.? ?[A-Z0-9]|"
    rf"(?:{_FULL})"
)
"""Without a heading a cell begins with the street's name, or has a number: not ``jalan rusak``."""
_AT_HOME = (
    r"(?i)(?:^|[^a-z])(?:rumah (?:saya|kami|warga|beliau|korban|pasien|pelapor|ybs|orang tua)|"
    r"tinggal|berdomisili|alamat (?:rumah|saya|pelapor|pasien|pemohon|warga|tinggal))"
)
_INTRODUCED = rf"{_AT_HOME}[^|]{{0,40}}(?:{_FULL.removeprefix('(?i)')})"
_HOME = frozenset(
    {"alamat rumah", "alamat ktp", "alamat domisili", "alamat tinggal", "tempat tinggal",
     "alamat pasien", "alamat siswa", "alamat warga", "alamat pemohon", "alamat penerima",
     "alamat pelapor", "home address"}
)  # fmt: skip
"""Headings that say a home by themselves, whatever the other columns are."""
_OTHERS = OFFICE | frozenset(
    {"email", "e mail", "surel", "ip", "mac", "web", "website", "url", "tps", "kejadian", "proyek",
     "kerja", "tugas", "jumlah", "praktek", "praktik", "cabang", "pengiriman barang", "ruas",
     "tinggal dengan", "tinggal bersama", "titik", "letak", "pos", "parkir", "penempatan"}
)  # fmt: skip


@dataclass
class AddressTally(Tally):
    """Cells that look like an address, and sentences that say where somebody lives."""

    whole: int = 0
    text: int = 0


class Alamat(Recognizer[AddressTally]):
    """Streets, alleys, housing estates, RT/RW: in lists of persons, or where a text says home.

    Offices, schools and shops have addresses too, which are public: in a table that lists such
    things, and under a heading that says so, they stay silent.
    """

    kind = "alamat"
    label = N_("Home address")
    rank = 150
    since = "2026.6"
    treatment = "kelurahan"
    of_offices = True
    sentences = {
        "header": N_("The column is headed as address in a list of persons."),
        "home": N_("The column is headed as address of a home."),
        "values": N_("Many values are addresses, in a list of persons."),
        "text": N_("A text says where somebody lives."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        {
            "alamat",
            "almt",
            "domisili",
            "tempat tinggal",
            "address",
            "alamat rumah",
            "alamat ktp",
            "tinggal",
        }
    )
    prefilter = _INTRODUCED
    shortest = 5
    worded = True
    figured = False
    hints = ((_UNNAMED, 4),)
    strays = _UNNAMED

    def start(self) -> AddressTally:
        """Return an empty tally for one column."""
        return AddressTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of addresses, unless of an office."""
        return place.mentions(self.context) and not place.mentions(_OTHERS)

    def update(self, tally: AddressTally, cells: pl.Series, place: Place) -> None:
        """Count addresses, and sentences that introduce one."""
        self.update_many([tally], [cells], [place])

    def manner(self, place: Place) -> tuple[bool, bool]:
        """A heading lets less be enough for an address."""
        return place.free_text, self.wants(place)

    def update_many(
        self,
        tallies: Sequence[AddressTally],
        columns: Sequence[pl.Series],
        places: Sequence[Place],
    ) -> None:
        """Count within several columns."""
        cells = Parts.of(columns)
        running, wanted = self.manner(places[0])
        form = ADDRESS if wanted else _UNNAMED
        whole = [0] * len(tallies) if running else cells.counts(cells.contains(form))
        text = cells.counts(cells.contains(_INTRODUCED))
        for tally, addresses, sentences in zip(tallies, whole, text, strict=True):
            tally.whole += addresses
            tally.text += sentences

    def conclude(self, tally: AddressTally, filled: int, place: Place) -> Finding | None:
        """Judge the column: in a list of persons a heading is enough, else most values."""
        sample = mask_all("x")
        others = place.mentions(_OTHERS) or official(place.context)
        if place.person_level and not others:
            if self.wants(place) and filled and not place.free_text:
                count = max(tally.whole, 1)
                score = 0.9 if tally.whole * 3 >= filled else 0.5
                return self.finding(sample, count, filled, score, "alamat.header")
            if tally.whole * 10 >= filled * 4 and tally.whole:
                return self.finding(sample, tally.whole, filled, 0.6, "alamat.values")
        if place.mentions(_HOME) and tally.whole * 3 >= filled > 0 and not place.free_text:
            return self.finding(sample, tally.whole, filled, 0.8, "alamat.home")
        if tally.text and not others:
            return self.finding(sample, tally.text, filled, 0.7, "alamat.text")
        return None

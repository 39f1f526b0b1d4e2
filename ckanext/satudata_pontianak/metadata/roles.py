"""What each column of a table is for: period, region, category, measure, unit, or none of them.

Pure: knows nothing of CKAN. The role follows from name, type, dictionary and values together. In
doubt a column is no measure: a code that is drawn as a quantity misleads, a chart that is
missing does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from . import periods
from .periods import Grain, Period


class Role(StrEnum):
    """What a column is for."""

    PERIOD = "period"
    REGION = "region"
    REGION_CODE = "region_code"
    CATEGORY = "category"
    MEASURE = "measure"
    UNIT = "unit"
    CODE = "code"
    COORDINATE = "coordinate"
    NOTE = "note"
    EMPTY = "empty"


@dataclass(frozen=True)
class Place:
    """A region: its code, its level, its name."""

    code: str
    level: str
    name: str


@dataclass(frozen=True)
class Column:
    """A column as it is stored: its name, its type, and what the dictionary says of it."""

    name: str
    type: str = "text"
    label: str = ""
    unit: str = ""

    @property
    def shown(self) -> str:
        """Return the name for people: the label, or the name without underscores."""
        return self.label or spoken(self.name)

    @property
    def bare(self) -> str:
        """Return the name for people without the unit at its end, which is told beside it."""
        if self.label:
            return re.sub(r"(?<!\s)\s*\([^()]{1,20}\)\s*$", "", self.label) or self.label
        return spoken(_UNIT_END.sub("", self.name) or self.name)


@dataclass(frozen=True)
class Seen:
    """A column with its role and what was read in its cells, row by row.

    ``texts`` are the cells as they stand; ``numbers`` those of a measure, ``None`` where the cell
    holds no number; ``periods`` those of a period, ``None`` where it names none. ``places`` are the
    regions that were recognised, by text.
    """

    column: Column
    role: Role
    texts: Sequence[str]
    numbers: Sequence[Decimal | None] = ()
    periods: Sequence[Period | None] = ()
    unit: str = ""
    additive: bool = False
    grain: Grain | None = None
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the column."""
        return self.column.name


WITHHELD = re.compile(
    r"\*+|[<≤]\s*\d+|-+|–|—|\.{2,}|…|n/?a|tad|tda|x|ttd|s|rahasia|disamarkan|ditahan"
    r"|tidak ada data",
    re.IGNORECASE,
)
"""What stands in a cell of numbers that gives none: withheld, or not known."""
_TOTAL = re.compile(
    r"(?:grand |sub ?|jumlah |total )?(?:jumlah|total|jml)"
    r"(?: (?:total|semua|seluruh\w*|keseluruhan|kota.*|umum))?"
    r"|seluruhnya|keseluruhan|semua|(?:laki-laki|l) ?(?:\+|dan|&) ?(?:perempuan|p)",
    re.IGNORECASE,
)
_MAX_LABEL = 80

_CODE = re.compile(
    r"(?:kode|kd|id|no|nomor|nik|nip|npsn|nisn|npwp|kodepos|kode_pos|telepon|telp|hp|rt|rw|fid|"
    r"objectid|gid|urut|npwpd|nib|nop|uuid|kbli)(?:_.*)?|.*_(?:id|kode|nomor|no)"
)
_LATITUDE = re.compile(r"lat|latitude|lintang|y_coord|koordinat_y|.*_lintang")
_LONGITUDE = re.compile(r"lon|lng|long|longitude|bujur|x_coord|koordinat_x|.*_bujur")
_UNIT_NAME = re.compile(r"satuan|unit|unit_ukur|satuan_ukur")
_PERIOD_NAME = re.compile(
    r"(?:tahun|thn|th|year|periode|period|waktu|tanggal|tgl|bulan|bln|month|semester|smt|triwulan|"
    r"tw|kuartal|quarter)(?:_.*)?|(?:.*_)?(?:tahun|bulan|tanggal|periode|semester|triwulan|date)"
)
_PART_OF_PERIOD = re.compile(r"(?:minggu|pekan|week|hari)(?:_ke)?")
_GRAINS = (
    (re.compile(r"(?:.*_)?(?:semester|smt)(?:_.*)?"), Grain.SEMESTER),
    (re.compile(r"(?:.*_)?(?:triwulan|tw|kuartal|quarter)(?:_.*)?"), Grain.QUARTER),
    (re.compile(r"(?:.*_)?(?:bulan|bln|month)(?:_.*)?"), Grain.MONTH),
)
_REGION_NAME = re.compile(
    r"(?:nama_)?(?:kecamatan|kelurahan|desa|wilayah|kota|kabupaten|kab_kota|provinsi|daerah|"
    r"kel|kec)(?:_.*)?"
)
_NOTE_NAME = re.compile(
    r"(?:keterangan|catatan|ket|sumber|alamat|deskripsi|uraian_kegiatan|tautan|url|foto)(?:_.*)?"
)
RATE = re.compile(
    r"persen|percent|pct|%|rata|rerata|mean|median|indeks|index|rasio|ratio|tingkat|laju|angka_|"
    r"harga|tarif|per_|proporsi|tpt|ipm|inflasi|usia_|umur_|skor|nilai_indeks|kepadatan|"
    r"cakupan|prevalensi|garis_|suhu|kelembap|tinggi|kadar|minimum|maksimum|ph$"
)
COUNT = re.compile(
    r"jumlah|jml|total|banyak|kasus|kunjungan|penduduk|laki|perempuan|pindah|kelahiran|kematian|"
    r"luas|produksi|volume|anggaran|realisasi|pendapatan|belanja|unit|siswa|guru|peserta|murid|"
    r"nilai_.*(?:rupiah|rp)|tonase|sampah|pelanggan|posyandu|kendaraan|wisatawan|aktif"
)
_UNITS = (
    (re.compile(r"persen|percent|pct|%|persentase|proporsi"), "%"),
    (re.compile(r"ribu_jiwa"), "ribu jiwa"),
    (re.compile(r"ribu_rupiah"), "ribu rupiah"),
    (re.compile(r"(?:miliar|milyar)_?(?:rupiah|rp)?$"), "miliar rupiah"),
    (re.compile(r"juta_(?:rupiah|rp)$"), "juta rupiah"),
    (re.compile(r"(?:rupiah|_rp)$"), "rupiah"),
    (re.compile(r"jiwa_per_km2$"), "jiwa/km²"),
    (re.compile(r"km2$"), "km²"),
    (re.compile(r"m2$"), "m²"),
    (re.compile(r"m3$"), "m³"),
    (re.compile(r"_(?:hektare?|ha)$"), "ha"),
    (re.compile(r"_jiwa$"), "jiwa"),
    (re.compile(r"_orang$"), "orang"),
    (re.compile(r"_ton$"), "ton"),
    (re.compile(r"_kg$"), "kg"),
    (re.compile(r"_km$"), "km"),
    (re.compile(r"_mm$"), "mm"),
    (re.compile(r"_cm$"), "cm"),
    (re.compile(r"_kwh$"), "kWh"),
    (re.compile(r"_celsius$"), "°C"),
    (re.compile(r"_(?:kk|keluarga)$"), "keluarga"),
)

_PER = re.compile(r"(?:^|_)per$")
_UNIT_END = re.compile(
    r"[_ ](?:per[_ ](?:keluarga|kk)|(?:per[_ ])?"
    r"(?:persen|percent|pct|jiwa[_ ]per[_ ]km2|ribu_jiwa|ribu_rupiah|"
    r"(?:juta|miliar|milyar)(?:_rupiah|_rp)?|rupiah|rp|"
    r"km2|m2|m3|hektare?|ha|jiwa|orang|ton|kg|km|mm|cm|kwh|celsius))$",
    re.IGNORECASE,
)
SHORT = frozenset(
    "apbd asn ipm kk opd pad paud pdrb pns rt rw sd sma smk smp tb tk tpt umkm".split()
)
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_DOTTED = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


def spoken(name: str) -> str:
    """Return the name of a column as people read it: ``jumlah_rt`` is "Jumlah RT"."""
    words = name.replace("_", " ").split()
    text = " ".join(w.upper() if w.casefold() in SHORT else w for w in words)
    text = re.sub(r"\b([Ll])aki laki\b", r"\1aki-laki", text)
    return text[:1].upper() + text[1:]


def folded(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return re.sub(r"[\s\-./()]+", "_", name.strip().casefold()).strip("_")


def is_total(text: str) -> bool:
    """Tell whether a text names the sum of other rows, not a part beside them."""
    return bool(_TOTAL.fullmatch(" ".join(text.split())))


def is_withheld(text: str) -> bool:
    """Tell whether a cell stands for a number that the table does not give."""
    return not text.strip() or bool(WITHHELD.fullmatch(text.strip()))


def read_numbers(texts: Sequence[str], type: str = "text") -> list[Decimal | None] | None:
    """Return the number in each cell, ``None`` in a cell that withholds it.

    :param texts: the cells of a column.
    :param type: the type of the column; typed columns hold numbers in the form of a program.
    :returns: ``None`` where the column holds something else than numbers, or numbers that can be
        read in two ways (``1.234`` alone is a thousand or a little more than one).
    """
    found = [t.strip() for t in texts if not is_withheld(t)]
    if not found:
        return None
    if type != "text" or all(_PLAIN.fullmatch(t) for t in found):
        doubtful = [t for t in found if "." in t]
        if type == "text" and doubtful and all(_DOTTED.fullmatch(t) for t in doubtful):
            plain = [t for t in found if "." not in t]
            if not plain or any(len(t.lstrip("+-")) > 3 for t in plain):
                return None
            return _converted(texts, _indonesian)
        return _converted(texts, Decimal)
    if all(
        _THOUSANDS.fullmatch(t) or _COMMA.fullmatch(t) or re.fullmatch(r"[-+]?\d+", t)
        for t in found
    ):
        return _converted(texts, _indonesian)
    return None


def _indonesian(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _converted(
    texts: Sequence[str], convert: Callable[[str], Decimal]
) -> list[Decimal | None] | None:
    found: list[Decimal | None] = []
    for text in texts:
        if is_withheld(text):
            found.append(None)
            continue
        try:
            value = convert(text.strip())
        except InvalidOperation:
            return None
        found.append(value if value.is_finite() else None)
    return found


def unit_of(column: Column) -> str:
    """Return the unit that a column's dictionary or name gives, empty where none is given."""
    if column.unit:
        return column.unit
    name = folded(column.name)
    for pattern, unit in _UNITS:
        if found := pattern.search(name):
            # What stands below a fraction is no unit by itself: "kepadatan_per_km2" is no area.
            below = _PER.search(name[: found.start()].rstrip("_"))
            return f"per {unit}" if below else unit
    bracket = re.search(r"\(([^()]{1,20})\)\s*$", column.label or column.name)
    return bracket[1] if bracket else ""


def is_additive(column: Column, unit: str) -> bool:
    """Tell whether the sum over rows means something: counts and amounts, never rates."""
    name = folded(column.name)
    if unit == "%" or RATE.search(name):
        return False
    return bool(COUNT.search(name))


def named(heading: str) -> Role | None:
    """Return the role that a heading alone tells, ``None`` where the values have to tell it."""
    name = folded(heading)
    told = {
        Role.UNIT: _UNIT_NAME.fullmatch(name),
        Role.PERIOD: _PERIOD_NAME.fullmatch(name) or _PART_OF_PERIOD.fullmatch(name),
        Role.CODE: _CODE.fullmatch(name),
        Role.NOTE: _NOTE_NAME.fullmatch(name),
    }
    return next((role for role, found in told.items() if found), None)


def names_region(heading: str) -> bool:
    """Tell whether a heading names a kind of region, such as "Kecamatan"."""
    return bool(_REGION_NAME.fullmatch(folded(heading)))


def coordinate(heading: str) -> str | None:
    """Return ``north`` or ``east`` where a heading names such degrees, ``None`` without."""
    name = folded(heading)
    if _LATITUDE.fullmatch(name):
        return "north"
    return "east" if _LONGITUDE.fullmatch(name) else None


def see(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    find_region: Callable[[str], Place | None],
) -> list[Seen]:
    """Return each column with its role.

    :param columns: the columns of the table.
    :param rows: its rows; every cell a text as the table gives it, empty where it is empty.
    :param find_region: gives a region by its code or name.
    """
    return [
        _seen(column, [row[n].strip() for row in rows], find_region)
        for n, column in enumerate(columns)
    ]


def _seen(column: Column, texts: list[str], find_region: Callable[[str], Place | None]) -> Seen:
    name = folded(column.name)
    filled = [t for t in texts if t]
    distinct = list(dict.fromkeys(filled))
    if not distinct:
        return Seen(column, Role.EMPTY, texts)
    if _UNIT_NAME.fullmatch(name):
        return Seen(column, Role.UNIT, texts)
    if _LATITUDE.fullmatch(name) or _LONGITUDE.fullmatch(name):
        return Seen(column, Role.COORDINATE, texts, numbers=read_numbers(texts, column.type) or ())
    known = _as_period(column, name, texts)
    known = known or _as_region(column, name, texts, distinct, find_region)
    return known or _by_name_and_values(column, name, texts, filled)


def _by_name_and_values(column: Column, name: str, texts: list[str], filled: list[str]) -> Seen:
    """Return a column that holds neither periods nor regions."""
    # The number of a week says when, not how much.
    if _CODE.fullmatch(name) or _PART_OF_PERIOD.fullmatch(name):
        return Seen(column, Role.CODE, texts)
    if _NOTE_NAME.fullmatch(name) or column.type.startswith(("timestamp", "date")):
        return Seen(column, Role.NOTE, texts)
    numbers = read_numbers(texts, column.type) if column.type != "bool" else None
    if numbers is not None and not _numbers_rows(name, numbers, filled):
        unit = unit_of(column)
        additive = is_additive(column, unit)
        return Seen(column, Role.MEASURE, texts, numbers=numbers, unit=unit, additive=additive)
    if numbers is not None:
        return Seen(column, Role.CODE, texts)
    long = any(len(t) > _MAX_LABEL for t in filled)
    return Seen(column, Role.NOTE if long else Role.CATEGORY, texts)


def _numbers_rows(name: str, numbers: Sequence[Decimal | None], filled: Sequence[str]) -> bool:
    """Tell whether numbers only name rows: leading zeros, or 1, 2, 3 … without a name for it."""
    if any(len(t) > 1 and t.startswith("0") and t.isdigit() for t in filled):
        return True
    counted = len(numbers) > 2 and list(numbers) == [Decimal(n + 1) for n in range(len(numbers))]
    return counted and not COUNT.search(name)


def _as_period(column: Column, name: str, texts: Sequence[str]) -> Seen | None:
    """Return a column of periods; numbers are one only where the name says so."""
    named = bool(_PERIOD_NAME.fullmatch(name))
    bare = column.type not in ("text",) and not column.type.startswith(("date", "timestamp"))
    if bare and not named:
        return None
    grain = next((g for pattern, g in _GRAINS if pattern.fullmatch(name)), None)
    found: list[Period | None] = []
    for text in texts:
        if not text or is_total(text):
            found.append(None)
            continue
        period = periods.parse(text) or (periods.numbered(grain, text) if grain else None)
        if period is None:
            return None
        found.append(period)
    grains = {p.grain for p in found if p is not None}
    if len(grains) != 1:
        return None
    if not named and all(t.isdigit() for t in texts if t):
        return None
    return Seen(column, Role.PERIOD, texts, periods=found, grain=grains.pop())


def _as_region(
    column: Column,
    name: str,
    texts: Sequence[str],
    distinct: Sequence[str],
    find_region: Callable[[str], Place | None],
) -> Seen | None:
    """Return a column of regions: most of its texts are known, or its name says so."""
    named = bool(_REGION_NAME.fullmatch(name))
    parts = [t for t in distinct if not is_total(t)]
    if not parts or len(parts) > 2000:
        return None
    places = {t: place for t in parts if (place := find_region(t)) is not None}
    share = len(places) / len(parts)
    code = bool(_CODE.fullmatch(name)) or all(t.replace(".", "").isdigit() for t in parts)
    if share < 0.6 and not (named and not code):
        return None
    if code and share < 0.6:
        return None
    return Seen(column, Role.REGION_CODE if code else Role.REGION, texts, places=places)

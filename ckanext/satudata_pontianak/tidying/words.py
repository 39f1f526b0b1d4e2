"""Words by which rows and headings tell what they are."""

from __future__ import annotations

import re
from functools import lru_cache

from ..metadata import periods, roles
from ..metadata.periods import Grain, Period

_SPACED = re.compile(r"(?:\w ){3,}\w")
_NOT_WORD = re.compile(r"[^\w%]+")
_STARS = re.compile(r"\s*(?:\*+\)?|\(\*+\)|\(?[¹²³]\)?)$")
_STRATA = re.compile(r"s\s*-?\s*\d", re.IGNORECASE)
PAGE = re.compile(r"(?:halaman|hal|page|hlm)\.? ?\d+(?: (?:dari|of|/) ?\d+)?|\(?lanjutan.*", re.I)
NOTE = re.compile(
    r"(?:sumber|catatan|keterangan|ket|satuan|note|source|dicetak|diunduh|diolah|diperbarui|"
    r"data per|per tanggal|update)\b|\*|\d\)|¹|²|r\)|x\)",
    re.I,
)
SIGNATURE = re.compile(
    r"[a-z ]{3,30}, *(?:\d{1,2}|\.{2,}) +\w+ +(?:19|20)\d\d$|(?:kepala|camat|lurah|plt|plh|"
    r"mengetahui|menyetujui|nip|sekretaris|pejabat|a\.?n\.|pembina|penata|kabid|ttd|direktur)\b|"
    r"\(?[._ ]{4,}\)?$",
    re.I,
)
LETTERHEAD = re.compile(
    r"(?:pemerintah(?: daerah)? (?:kota|kabupaten|provinsi)|dinas|badan|kantor|sekretariat|"
    r"inspektorat|kecamatan|kelurahan|jalan|jl|telp|telepon|kode pos|laman|e-?mail|website|upt[d]?|"
    r"puskesmas|rsud|satuan polisi|bagian)\b",
    re.I,
)
_TOTAL = re.compile(
    r"(?:jumlah|total|jml)(?: ?/ ?(?:jumlah|total|jml))?(?: (?:kota|kabupaten|provinsi)\b.*|"
    r" (?:keseluruhan|seluruh\w*|semua|umum))?|grand total|rata-? ?rata(?: kota.*)?",
    re.I,
)
_SUM_OF = re.compile(r"(?:sub ?-?(?:jumlah|total)|jumlah|total|jml)\b[. :]*(?P<of>.*)", re.I)
NUMBERING = frozenset({"no", "nomor", "no urut", "nomor urut", "urut", "nr", "#", ""})


def plain(text: str) -> str:
    """Return a text with single spaces, and ``J U M L A H`` as one word."""
    said = " ".join(text.split())
    return said.replace(" ", "") if _SPACED.fullmatch(said) else said


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return a text in the form in which headings are compared."""
    return " ".join(_NOT_WORD.sub(" ", plain(text).casefold()).split())


def unstarred(text: str) -> str:
    """Return a text without the star that leads to a footnote."""
    return _STARS.sub("", text).strip()


def is_total(text: str) -> bool:
    """Tell whether a text names the sum of the whole table."""
    said = plain(text)
    return roles.is_total(said) or bool(_TOTAL.fullmatch(said))


def sum_of(text: str) -> str | None:
    """Return of what a text names the sum, ``None`` where it names none."""
    found = _SUM_OF.fullmatch(plain(text))
    return found["of"].strip() if found else None


def period_of(text: str) -> Period | None:
    """Return the period that a heading names: a year, a semester, a quarter or a month."""
    said = unstarred(text).strip("() ")
    if _STRATA.fullmatch(said):
        return None
    found = periods.parse(said)
    return None if found is None or found.grain is Grain.DAY else found

"""Is a row of this table a person? Decided once for each table, by evidence that is shown.

What is public in a statistic (religion, illness, aid by kecamatan) is personal data in a list of
persons. So the kinds that depend on it are judged last, when every column has been read. A row is
a person where a column identifies persons one by one: by number, name, birth date, or a private
contact where the table does not list offices; or where the columns are attributes of single
persons (sex with age, work, marital status) and none counts anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from .finding import Evidence, Finding
from .lexicon import ENTITY, NAME_TOKEN
from .words import mentions, speaks, words

SHARE = 0.3
MOST = 0.6

OFFICE = frozenset(
    """kantor sekolah instansi opd skpd dinas badan usaha perusahaan toko puskesmas
    faskes klinik apotek rs rsud hotel restoran pasar masjid gereja ibadah yayasan
    lembaga koperasi penyedia rekanan vendor npsn lokasi fasilitas gedung cctv halte
    taman posyandu bank universitas madrasah pesantren kelompok umkm ikm ukm pangkalan
    agen outlet kedai salon bengkel kos merchant mitra distributor cabang kampus panti
    bimbel kursus lkp lpk lksa pkbm blk bumdes kube spbu
    sanggar komunitas klub studio depot wisata objek organisasi ormas""".split()
) | {"nama tempat", "tempat usaha", "tempat kerja"}
"""Words of a heading that say: a row, or this value, is of an office or a place."""

OFFICIAL = frozenset(
    """kepala pimpinan direktur ketua pejabat penanggung pj pic operator narahubung
    petugas camat lurah kepsek kapus sekretaris bendahara ppk pptk pengelola pimpinan
    rektor pengurus imam takmir pendeta pastor romo khatib penyuluh penandatangan plt
    plh walikota bupati narasumber kontak contact cp koordinator""".split()
)
"""Words of a heading that say: whoever is named acts for an office."""
OWNERS = frozenset("pemilik owner pengusaha pelaku pedagang".split())
"""Of an office or a shop they act for it; of a vehicle or a house they are private."""
NOT_OFFICIAL = frozenset({"kepala keluarga", "kepala rumah tangga", "kepala kk"})

MACHINES = frozenset(
    """server router switch gateway cctv kamera camera host hostname perangkat access point
    ap printer firewall modem olt node sensor bts""".split()
)
"""Words of a heading that say: a device which works for an office, not for a person."""
_NO_MACHINES = frozenset({"perangkat daerah"})
_USERS = frozenset(
    """user username pengguna pelanggan pengunjung client klien visitor browser agent
    nasabah pelapor login""".split()
)
"""Words of a heading that say: somebody used a device, and this is their trace."""

COUNTS = frozenset(
    """jumlah jml total banyak banyaknya persen persentase kasus frekuensi jiwa orang
    penduduk rata rerata rasio laki perempuan lk pr pria wanita realisasi target
    capaian prevalensi n nilai value count kumulatif angka proporsi populasi pemeluk
    penerima peserta siswa pegawai""".split()
)
MONEY = frozenset("gaji penghasilan honor honorarium tunjangan upah harta kekayaan".split())
ATTRIBUTES = (
    frozenset(
        """umur usia kawin perkawinan pernikahan pekerjaan pendidikan lahir agama suku
    hubungan berat tinggi diagnosa diagnosis penyakit disabilitas gaji penghasilan
    golongan darah kewarganegaraan alamat bb tb profesi ijazah""".split()
    )
    | MONEY
)
RECORDS = frozenset({"inisial", "rekam medis", "rekam medik", "no rm", "norm", "responden"}) | {
    f"{number} {who}"
    for number in ("kode", "id", "no", "nomor")
    for who in "pasien responden siswa pegawai warga penduduk peserta klien wbp korban".split()
}
"""Headings under which a person stands without a name."""
SEX = frozenset({"jk", "kelamin", "gender", "sex", "jenkel"})
_NAME_TOKEN = re.compile(NAME_TOKEN)
SEX_VALUE = r"(?i)^\s*(?:l|p|lk|pr|laki[ \-]?laki|perempuan|pria|wanita|m|f|male|female)\s*$"
NUMBER = r"^\s*[\-+]?[0-9][0-9.,]*\s*%?\s*$"


@dataclass(slots=True)
class Profile:
    """What some cells of a column look like; counts only."""

    cells: int = 0
    texts: int = 0
    entities: int = 0
    sexes: int = 0

    def update(self, sample: pl.Series) -> None:
        """Count within cells that are not empty."""
        texts = sample.filter(~sample.str.contains(NUMBER))
        if len(texts):
            entities = int(texts.str.contains(ENTITY).sum())
            sexes = int(texts.str.contains(SEX_VALUE).sum())
            self.add(len(sample), len(texts), entities, sexes)
        else:
            self.add(len(sample))

    def add(self, cells: int, texts: int = 0, entities: int = 0, sexes: int = 0) -> None:
        """Add what was counted already."""
        self.cells += cells
        self.texts += texts
        self.entities += entities
        self.sexes += sexes

    @property
    def numeric(self) -> bool:
        """Whether most cells are numbers."""
        return self.texts * 2 < self.cells


class Judged(NamedTuple):
    """One column as far as it is known before the table is judged."""

    heading: str | None
    profile: Profile
    findings: Sequence[Finding]


def official(heading: str | None) -> bool:
    """Say whether a heading is about whoever acts for an office."""
    return mentions(heading, OFFICIAL) and not mentions(heading, NOT_OFFICIAL)


def office(heading: str | None) -> bool:
    """Say whether a heading is about an office or a place."""
    return mentions(heading, OFFICE)


def judge(columns: Sequence[Judged], kinds: Mapping[Evidence, frozenset[str]]) -> str | None:
    """Return the reason code by which the rows are persons, or None: they are not.

    :param kinds: which kinds are evidence of what.

    The weaker the evidence, the more may speak against it.
    """
    # Most of thousands of columns have no finding, and headings that say nothing of persons.
    found = [c for c in columns if c.findings]
    strong = [c for c in found if not _said(c.heading).office]
    if _has(strong, kinds[Evidence.NUMBER]):
        return "persons.identifier"
    private = [c for c in strong if not _said(c.heading).official]
    speaking = [c for c in columns if _said(c.heading) is not _SILENT]
    offices = any(_lists_offices(c) for c in speaking)
    named = [c for c in private if not (offices and _said(c.heading).owner)]
    # In a list of churches a column of pastors says of each church who acts for it; but a
    # heading that is a name itself is the first row of a table without headings.
    if _has(named, kinds[Evidence.NAME]) and (
        not offices
        or _has(named, kinds[Evidence.NAME], headed=True)
        or any(_NAME_TOKEN.search(c.heading or "") for c in columns if _private(c))
    ):
        return "persons.name"
    if _has(private, kinds[Evidence.BIRTH]):
        return "persons.birth"
    if not offices and _has(private, kinds[Evidence.SERVANT]):
        return "persons.identifier"
    counted = any(_counts(c) for c in speaking)
    contacts = kinds[Evidence.CONTACT]
    contacts = contacts if machines(columns) else contacts | kinds[Evidence.DEVICE]
    if not offices and not counted and _has(private, contacts):
        return "persons.contact"
    if offices or counted:
        return None
    if _attributes(speaking) or (
        # Who acts for an office is a person, too, where the table tells more of them.
        _has(found, kinds[Evidence.NAME], official_too=True)
        and any(_said(c.heading).own for c in speaking)
    ):
        return "persons.attributes"
    if any(_said(c.heading).record and not _said(c.heading).counts for c in speaking):
        return "persons.record"
    return None


class _Said(NamedTuple):
    """What a heading says, by the words above."""

    office: bool = False
    official: bool = False
    owner: bool = False
    school: bool = False
    name: bool = False
    counts: bool = False
    year: bool = False
    money: bool = False
    sex: bool = False
    attribute: bool = False
    own: bool = False
    """An attribute that only a person has."""
    record: bool = False
    machine: bool = False
    user: bool = False


_SILENT = _Said()


@lru_cache(maxsize=32_768)
def _said(heading: str | None) -> _Said:
    year = any(len(w) == 4 and w.isdigit() and w[:2] in ("19", "20") for w in words(heading))
    if not year and not speaks(heading, _TERMS):
        return _SILENT
    said = _Said(
        office=office(heading),
        official=official(heading),
        owner=mentions(heading, OWNERS),
        school=mentions(heading, _SCHOOL),
        name=mentions(heading, _NAME),
        counts=mentions(heading, COUNTS),
        year=year,
        money=mentions(heading, MONEY),
        sex=mentions(heading, SEX),
        attribute=mentions(heading, ATTRIBUTES),
        own=mentions(heading, ATTRIBUTES - _ANYBODYS),
        record=mentions(heading, RECORDS),
        machine=mentions(heading, MACHINES) and not mentions(heading, _NO_MACHINES),
        user=mentions(heading, _USERS),
    )
    return said if any(said) else _SILENT


def silent(heading: str | None) -> bool:
    """Say whether a heading tells nothing of what a row is."""
    return _said(heading) is _SILENT


def _private(column: Judged) -> bool:
    """Say whether a column is of nobody who acts for an office or a shop."""
    said = _said(column.heading)
    return not (said.office or said.official or said.owner)


def machines(columns: Sequence[Judged]) -> bool:
    """Say whether the headings speak of devices of offices, and of nobody who uses them."""
    said = [_said(c.heading) for c in columns]
    return any(s.machine for s in said) and not any(s.user for s in said)


def _has(
    columns: Sequence[Judged],
    kinds: frozenset[str],
    *,
    headed: bool = False,
    official_too: bool = False,
) -> bool:
    weak = (".role", ".body") if official_too else (".role", ".official", ".body")
    return any(
        f.kind in kinds
        and not (headed and f.reason.code.endswith(".values"))
        # A number within most texts of a column names who each row is about; within a few, not.
        and f.share >= (MOST if f.reason.code.endswith(".text") else SHARE)
        and not f.reason.code.endswith(weak)
        for c in columns
        for f in c.findings
    )


def _lists_offices(column: Judged) -> bool:
    """A column of offices: by its heading, or because its values are."""
    said = _said(column.heading)
    if column.profile.numeric:
        return said.school
    return said.office or (column.profile.entities * 2 > column.profile.texts and said.name)


_SCHOOL = frozenset({"npsn"})
_NAME = frozenset({"nama", "name"})
_ANYBODYS = frozenset({"alamat", "golongan", "pekerjaan"})
"""What an office has as well: it says nothing of whoever acts for it."""


def _counts(column: Judged) -> bool:
    """A column of counts: numbers under a heading that counts, or under a year."""
    said = _said(column.heading)
    if not column.profile.cells or not column.profile.numeric or said.money:
        return False
    return said.year or said.counts


def _attributes(columns: Sequence[Judged]) -> bool:
    """Sex as a value in each row, and at least two more attributes of a person."""
    sex = any(_said(c.heading).sex and c.profile.sexes * 10 > c.profile.cells * 8 for c in columns)
    return sex and sum(1 for c in columns if _said(c.heading).attribute) >= 2


_TERMS = frozenset().union(
    OFFICE, OFFICIAL, OWNERS, _SCHOOL, _NAME, COUNTS, MONEY, SEX, ATTRIBUTES, RECORDS, MACHINES,
    _USERS,
)  # fmt: skip

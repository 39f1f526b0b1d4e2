"""Names of persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.lexicon import (
    DEGREE_AFTER,
    ENTITY,
    NAME_SHAPE,
    NAME_TOKEN,
    TITLE_BEFORE,
    TITLED,
    TITLES,
    holds_name,
)
from ckanext.satudata_pontianak.disclosure.persons import OFFICE, OFFICIAL, official
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all
from ckanext.satudata_pontianak.disclosure.words import words
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally
from .parts import Parts

_ROLES = frozenset(
    """pasien penerima pemohon pelapor siswa murid mahasiswa santri pegawai karyawan
    peserta anggota warga penduduk ayah ibu suami istri isteri anak bayi balita wali
    ahli waris korban tersangka terdakwa terpidana napi narapidana debitur nasabah
    pelanggan pemilik kk keluarga pengguna responden guru dokter perawat bidan
    pengemudi sopir almarhum pewaris kandung pembeli penjual pejabat pengadu jamaah
    jemaah atlet kader donatur pengungsi penyandang lansia orang petani nelayan peternak
    pedagang pengrajin perajin buruh tukang jukir kusir penumpang pengunjung tamu
    relawan alumni pelamar pencari kreditur penyewa penghuni penduduk ortu cucu janda
    duda veteran marbot ustadz passenger patient student employee customer applicant
    beneficiary recipient resident member pengajar dosen tutor instruktur peneliti pelaku pengusaha
    pekerja""".split()
)
_OF_AN_OFFICE = frozenset(
    """kader marbot ustadz guru dokter perawat bidan dosen pengajar tutor instruktur pejabat
    anggota member""".split()
)
"""Who stands for an office beside the name of one."""
_PRIVATE = _ROLES - _OF_AN_OFFICE
_WHOLE_HEADINGS = frozenset(
    """nama name fullname namalengkap nm pasien pemohon pelapor penerima suami istri
    tersangka terdakwa terpidana debitur nasabah pemilik responden wali pengadu kepsek
    direktur pejabat ketua bendahara sekretaris pic camat lurah passenger patient student
    employee customer applicant beneficiary recipient resident""".split()
) | {
    "nama lengkap", "full name", "kepala keluarga", "kepala sekolah", "kepala puskesmas",
    "kepala dinas",
    "ahli waris", "ibu kandung", "contact person", "penanggung jawab", "nama ibu", "nama ayah",
    "wajib pajak",
}  # fmt: skip
_THINGS = OFFICE | frozenset(
    """kecamatan kelurahan kel kec desa kota kabupaten provinsi opd kegiatan program
    barang komoditas produk jalan jembatan sungai obat penyakit file berkas aplikasi
    layanan jabatan pekerjaan paket proyek kelas jurusan prodi mapel pelajaran
    indikator variabel dataset kolom tabel rekening akun bulan hari event acara bantuan
    bansos jenis alat aset surat dokumen izin wilayah sls dusun gang komplek
    perumahan tim sub bidang seksi unit satuan merk merek domain server host user
    username hewan tanaman ikan buku judul ruang ruangan kamar poli kapal rute trayek
    kode jumlah jml total buah sayur bahan zona blok alamat domisili tanggal tgl nomor
    no nik id umur usia status agama suku tempat inisial tipe type kategori klasifikasi ragam
    skala lks""".split()
)
_NO_NAMES = _THINGS - {"inisial", "user"}
"""Under ``inisial`` values that are known names are names: whoever filled it in forgot. So are they
under ``nama user``, where others write what they log in by."""
_NOBODY = (
    rf"{ENTITY}|(?:^|[ (./\-])(?:panti|asuhan|jompo|lks|wisma|asrama)(?:$|[ ).,/\-])|"
    r"^(?:(?:plt|plh|pj)\.? )?(?:sekretaris|bendahara|direktur|camat|lurah|asisten|wali ?kota|"
    r"bupati|sekda|sekdis|sekcam|seklur|kadis|kabid|kabag|kasi|kasubbag|kasubag|koordinator|"
    r"pengawas|ketua)(?: (?:dinas|daerah|camat|lurah|dewan|utama|umum|i{1,3}|iv|v))*$"
)
"""A cell that is no name: also an institution, and an office that somebody holds and no more."""
_RUN_TOGETHER = frozenset(f"{name}{role}" for name in ("nama", "nm") for role in _ROLES) | {
    "namalengkap",
    "nmlengkap",
}
_INTRODUCED = (
    r"(?:(?i:atas nama|a\.n\.?|a/n|an\.|sdr\.?|sdri\.?|saudara|saudari|bapak|bpk\.?|pak|ibu|tuan|"
    r"nyonya|bernama|nama|pelapor|pemohon|pasien))[ .:=]+"
    r"((?:[A-Z][A-Za-z'.]*)(?: [A-Z][A-Za-z'.]*){1,4})"
)
_AFTER_WORD = re.compile(r"(?<![A-Za-z])" + _INTRODUCED)
_NUMBER_AFTER = r"(?i)[\s/(\[,:;\-]+(?:(?:nik|nip|no|hp|telp)[\s.:]*)*[0-9][0-9 .\-]{4,24}[)\]]?$"
"""``BUDI SANTOSO (6171…)``, ``Drs. Budi / 1970…``: the number is another kind's affair."""
_TOKEN = re.compile(NAME_TOKEN)
_ENTITY = re.compile(_NOBODY)
# As ``TITLED``, whose second part a text of letters alone would make slow: each word once.
_TITLED = re.compile(rf"(?i:{TITLE_BEFORE}|(?<![A-Za-z])[A-Za-z]{{2,}}+{DEGREE_AFTER})")
_TITLE = re.compile(rf"(?i)^(?:{TITLES}\.? )+")


@dataclass
class NameTally(Tally):
    """Counts of names; ``shaped`` cells have the form of one.

    Of the ``looked`` at, ``known`` hold a known name, ``entities`` say that they are something
    else.
    """

    shaped: int = 0
    text: int = 0
    looked: int = 0
    known: int = 0
    entities: int = 0


class NamaOrang(Recognizer[NameTally]):
    """Names under a heading, in a column whose values are names, or after ``atas nama``.

    ``nama_kecamatan`` and ``nama_komoditas`` are names of things: their heading says so, and
    under a bare ``nama`` the values do. Names of those who act for an office get a lower score.
    """

    kind = "nama_orang"
    label = N_("Name of a person")
    rank = 140
    since = "2026.6"
    evidence = Evidence.NAME
    sentences = {
        "header": N_("The column is headed as names and holds names of persons."),
        "values": N_("Most values are names of persons, whatever the heading says."),
        "official": N_("Names of those who act for an office; they are often public."),
        "text": N_("A person is named within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = _WHOLE_HEADINGS
    prefilter = rf"(?:^|[^A-Za-z]){_INTRODUCED}"
    shortest = 3
    worded = True
    figured = False
    hints = ((NAME_SHAPE, 5), (f"{NAME_TOKEN}|{TITLED}", 5))
    probed = 128
    strays = "^[^0-9]*$"

    @property
    def named(self) -> frozenset[str]:
        """Terms of names, of roles, and of whoever acts for an office."""
        return _WHOLE_HEADINGS | _NAME | OFFICIAL | _RUN_TOGETHER

    def start(self) -> NameTally:
        """Return an empty tally for one column."""
        return NameTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of names."""
        return self._named(place) > 0

    @staticmethod
    def _named(place: Place) -> int:
        """Return 2 if the heading says a person, 1 if it says a name only, 0 otherwise."""
        if official(place.context):
            return 2 if place.mentions(_NAME) else 1
        said = words(place.context)
        if len(said) > 1 and said[0] in _NAME and _NUMBERS.issuperset(said[1:]):
            return 2
        if place.mentions(_THINGS) and not place.mentions(_WHOLE_PERSON):
            return 0
        if not _RUN_TOGETHER.isdisjoint(said):
            return 2
        if place.mentions(_NAME) and place.mentions(_ROLES):
            return 2
        if place.mentions(frozenset({"nama lengkap", "kepala keluarga"})):
            return 2
        return 1 if place.mentions(_WHOLE_HEADINGS) else 0

    def probe(self, sample: pl.Series) -> bool:
        """Say whether most of these cells hold a known name."""
        some = sample.gather_every(max(1, len(sample) // 64))
        shaped = some.filter(some.str.contains(NAME_SHAPE)).to_list()
        if len(shaped) * 2 <= len(some):
            return False
        return sum(_known(c) and not _ENTITY.search(c) for c in shaped) * 2 > len(some)

    def telling(self, cells: pl.Series) -> pl.Series:
        """Say what a probe does of many cells at once: they hold a known name."""
        known = cells.str.contains(f"(?:{NAME_TOKEN})|(?i:{TITLED})")
        return cells.str.contains(NAME_SHAPE) & known & ~cells.str.contains(_NOBODY)

    def update(self, tally: NameTally, cells: pl.Series, place: Place) -> None:
        """Count cells with the form of a name; within longer text what is introduced as one."""
        self.update_many([tally], [cells], [place])

    def manner(self, place: Place) -> bool:
        """Under a heading of names a cell that is none may be one with a number after it."""
        return not place.free_text and self._named(place) > 0

    def update_many(
        self, tallies: Sequence[NameTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        """Count within several columns."""
        named = self.manner(places[0])
        cells = Parts.of(columns)
        stripped = Parts(cells.cells.str.strip_chars(" \t\r\n'\""), cells.lengths)
        shaped = stripped.contains(NAME_SHAPE)
        if named and not shaped.all():
            some = stripped.counts(shaped)
            every = [n == length for n, length in zip(some, cells.lengths, strict=True)]
            without = stripped.cells.str.replace(_NUMBER_AFTER, "")
            if any(every):
                kept = stripped.places().is_in([n for n, whole in enumerate(every) if whole])
                without = stripped.cells.zip_with(kept, without)
            stripped = Parts(without, cells.lengths)
            shaped = stripped.contains(NAME_SHAPE)
        names = stripped.filter(shaped)
        if len(names.cells):
            self._count_names(tallies, names)
        # A short note looks like a name, too: only under a heading of names is it one.
        rest = stripped.filter(~shaped) if named else stripped
        found = rest.filter(rest.contains(self.prefilter))
        if len(found.cells):
            for place, cell in zip(found.places().to_list(), found.cells.to_list(), strict=True):
                tallies[place].text += _introduced(cell)

    def _count_names(self, tallies: Sequence[NameTally], names: Parts) -> None:
        """Count of some of the names how many are known, and how many are of something else."""
        some = names
        if max(names.lengths) >= 1024:
            some = Parts.of([n.gather_every(max(1, len(n) // 512)) for n in names])
        entity = some.contains(_NOBODY)
        others = some.filter(~entity)
        known = {cell for cell in others.cells.unique().to_list() if _known(cell)}
        listed = pl.Series([cell in known for cell in others.cells.to_list()], dtype=pl.Boolean)
        for tally, column, looked, things, people in zip(
            tallies,
            names,
            some.lengths,
            some.counts(entity),
            others.counts(listed),
            strict=True,
        ):
            tally.shaped += len(column)
            tally.looked += looked
            tally.entities += things
            tally.known += people
            tally.note_distinct(column)

    def conclude(self, tally: NameTally, filled: int, place: Place) -> Finding | None:
        """Judge the column. No letter of a name is shown."""
        sample = mask_all("x")
        if place.free_text:
            return (
                self.finding(sample, tally.text, filled, 0.6, "nama_orang.text")
                if tally.text
                else None
            )
        named = self._named(place)
        many = tally.shaped * 10 >= filled * 6 and tally.looked > 0
        known = tally.known / tally.looked if tally.looked else 0.0
        things = tally.entities / tally.looked if tally.looked else 0.0
        # In a list of persons a column headed as names may be of a people whose names we do not
        # know.
        enough = 0.0 if named and place.person_level else {2: _FEW_KNOWN, 1: 0.4, 0: 0.5}[named]
        if named == 2 and things <= _HARDLY_ANY:
            # The heading says whose names they are, and no value says otherwise.
            enough = 0.0
        if many and known >= enough and things <= (0.5 if named == 2 else 0.3):
            if named == 0 and (
                (place.headed and place.mentions(_NO_NAMES)) or len(tally.seen) < min(4, filled)
            ):
                return self._text(tally, filled)
            count = round(tally.shaped * (1 - things))
            if official(place.context):
                return self.finding(sample, count, filled, 0.5, "nama_orang.official")
            if named:
                sure = named == 2 and known >= _FEW_KNOWN
                score = 0.95 if sure else 0.6 + 0.3 * known
                return self.finding(sample, count, filled, score, "nama_orang.header")
            # A heading that is a word for a person says of whom the names are.
            code = "nama_orang.header" if place.mentions(_PRIVATE) else "nama_orang.values"
            return self.finding(sample, count, filled, 0.4 + 0.4 * known, code)
        return self._text(tally, filled)

    def _text(self, tally: NameTally, filled: int) -> Finding | None:
        if not tally.text:
            return None
        return self.finding(mask_all("x"), tally.text, filled, 0.6, "nama_orang.text")


_HARDLY_ANY = 0.1
_FEW_KNOWN = 0.15
_NAME = frozenset({"nama", "name", "nm"})
_NUMBERS = frozenset("dan nik nip no nomor ktp hp telp telepon wa".split())
"""``Nama/NIP``: both stand in one cell."""
_WHOLE_PERSON = frozenset(f"nama {role}" for role in _ROLES) | {
    "nama lengkap", "nama orang tua", "nama kepala keluarga", "nama ketua", "wali kelas",
}  # fmt: skip
"""Whose names they are, whatever follows: ``nama pelaku usaha``, ``nama peserta pelatihan``."""


def _known(cell: str) -> bool:
    """Say whether a cell holds a known name, or a title or degree that only persons have."""
    return holds_name(cell) or bool(_TITLED.search(cell))


def _introduced(cell: str) -> bool:
    """Say whether a text names somebody: known names, and no office among the words."""
    for match in _AFTER_WORD.finditer(cell):
        name = _TITLE.sub("", match[1])
        if _TOKEN.search(name) and not _ENTITY.search(name):
            return True
    return False

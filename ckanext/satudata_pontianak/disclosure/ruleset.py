"""The identity of the rules: a verdict belongs to bytes *and* to a ruleset."""

from __future__ import annotations

from dataclasses import dataclass

RULESET = "2026.3"


@dataclass(frozen=True)
class Ruleset:
    """Which kinds are looked for and from which score on a finding counts.

    Change ``id`` whenever a recogniser, a score or the threshold changes: stored scans are
    keyed by it, and a rescan is due when it differs.
    """

    id: str
    kinds: tuple[str, ...]
    threshold: float = 0.35


KINDS = tuple(
    """nik no_kk npwp nip nisn bpjs paspor sim plat_nomor telepon email rekening kartu_pembayaran
    nama_orang alamat tanggal_lahir koordinat_rumah ip_address kesehatan disabilitas biometrik anak
    catatan_kejahatan keuangan_pribadi bantuan_sosial agama suku""".split()
)
"""Every kind. Special categories, coordinates and addresses of homes are judged by table: in
metadata text only kinds with an identifier or with a word that introduces them are found."""

DEFAULT = Ruleset(RULESET, KINDS)

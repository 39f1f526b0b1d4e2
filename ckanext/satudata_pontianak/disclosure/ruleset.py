"""The identity of the rules: a verdict belongs to bytes *and* to a ruleset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RULESET = "2026.5"

_SINCE = {
    "2026.3": """nik no_kk nip nisn bpjs paspor sim email kartu_pembayaran tanggal_lahir
koordinat_rumah ip_address biometrik catatan_kejahatan bantuan_sosial agama suku
inspected""",
    "2026.4": "rekening anak",
}
UNCHANGED_SINCE: Mapping[str, str] = {
    kind: ruleset for ruleset, kinds in _SINCE.items() for kind in kinds.split()
}
"""Kind → the ruleset in which its rule was changed last, where that was an earlier one.

With a new :data:`RULESET`, name here every kind whose recogniser, words and score did not change,
with the ruleset that it still follows; ``inspected`` stands for how files are read. What is not
named counts as changed: what people said of such findings then lapses, and is asked again.
"""


@dataclass(frozen=True)
class Ruleset:
    """Which kinds are looked for and from which score on a finding counts.

    Change ``id`` whenever a recogniser, a score or the threshold changes: stored scans are
    keyed by it, and a rescan is due when it differs.
    """

    id: str
    kinds: tuple[str, ...]
    threshold: float = 0.35
    unchanged_since: Mapping[str, str] = field(default_factory=dict)

    def rule(self, kind: str) -> str:
        """Return the ruleset in which the rule of a kind was changed last."""
        return self.unchanged_since.get(kind, self.id)


KINDS = tuple(
    """nik no_kk npwp nip nisn bpjs paspor sim plat_nomor telepon email rekening kartu_pembayaran
    nama_orang alamat tanggal_lahir koordinat_rumah ip_address kesehatan disabilitas biometrik anak
    catatan_kejahatan keuangan_pribadi bantuan_sosial agama suku""".split()
)
"""Every kind. Special categories, coordinates and addresses of homes are judged by table: in
metadata text only kinds with an identifier or with a word that introduces them are found."""

DEFAULT = Ruleset(RULESET, KINDS, unchanged_since=UNCHANGED_SINCE)

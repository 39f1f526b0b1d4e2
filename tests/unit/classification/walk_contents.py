"""Bytes for the walks, by what the scan says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Content:
    """Bytes, by what the scan says of them."""

    sha: str
    verdict: str = "clear"
    reason: str | None = None
    items: tuple[Mapping[str, Any], ...] = ()
    columns: str = "kecamatan,jumlah"


def found(kind: str, personal_class: str) -> dict[str, Any]:
    """Return a finding as the scan reports it."""
    return {"table": None, "column": kind, "index": 0, "kind": kind, "class": personal_class}


CONTENTS = {
    c.sha: c
    for c in (
        Content("bersih-1"),
        Content("bersih-2"),
        Content("kolom-lain", columns="kelurahan,jumlah"),
        Content("nama", "findings", items=(found("nama", "umum"),)),
        Content("nik", "findings", items=(found("nik", "umum"),)),
        Content("nik-nama", "findings", items=(found("nik", "umum"), found("nama", "umum"))),
        Content("penyakit", "findings", items=(found("kesehatan", "spesifik"),)),
        Content("foto", "failed", "unsupported_format"),
        Content("rusak", "failed", "broken_archive"),
    )
}


def shape(content: Content) -> tuple[str, tuple[str, ...]]:
    """Return columns and kinds of findings: what a renewal must not change."""
    return content.columns, tuple(sorted(str(i["kind"]) for i in content.items))

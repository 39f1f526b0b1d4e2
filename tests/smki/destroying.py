"""Data whose term is over, and their destruction, as tests make them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Decision
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.smki import filling
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry

from ..city import upload

WHY = "Rekap tahun 2015 sudah ada dalam buku profil dan tidak dipakai lagi oleh siapa pun."
WITNESSES = "Kepala Bidang Statistik\nArsiparis Dinas Perpustakaan dan Kearsipan"
CODE = "JRA 04.02"
NOMOR = "B/12/PPID/2026"


def term(city: Any, dataset: dict[str, Any], *, years: int = 2, fate: str = "destroyed") -> None:
    """Let a class be known, its dataset be of it, and the term be over for a year."""
    filling.run()
    line = _line("aset", package_id=dataset["id"])
    line.written = {**line.written, "retention": f" {CODE.lower()}"}
    if _line("retensi", key=f"hand:{CODE}") is None:
        written = {"name": "Rekap", "class": CODE, "active": years, "inactive": 0, "fate": fate}
        model.Session.add(
            SmkiEntry(register="retensi", key=f"hand:{CODE}", known={}, written=written)
        )
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(days=366 * (years + 1))
    model.Session.execute(
        sa.update(Decision).where(Decision.package_id == dataset["id"]).values(decided_at=begun)
    )
    model.Session.commit()


def _line(register: str, **of: Any) -> Any:
    query = sa.select(SmkiEntry).filter_by(register=register, **of)
    return model.Session.scalars(query).first()


def propose(city: Any, dataset: dict[str, Any], who: str = "produsen", **asked: Any) -> Any:
    """Propose the destruction of a dataset's data."""
    given = {"id": dataset["id"], "assessment": WHY, "witnesses": WITNESSES, **asked}
    return city.act(who, "satudata_smki_destruction_propose", **given)


def approve(city: Any, row: dict[str, Any], who: str = "ppid", **asked: Any) -> Any:
    """Approve it with the signed paper."""
    scan = upload(paper("Persetujuan"), "persetujuan.pdf")
    given = {"id": row["id"], "nomor": NOMOR, "day": days.today().isoformat(), "scan": scan}
    return city.act(who, "satudata_smki_destruction_approve", **{**given, **asked})

"""Decrees and signed papers."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.access.hidden import signed_papers
from ckanext.satudata_pontianak.agencies.model import DecreeRow
from ckanext.satudata_pontianak.classification.records.model import Decision, SignedPaper

from ...city import record_decrees
from ..site import Pair, Site, ago


def recorded(_site: Site) -> None:
    record_decrees()


def unrecorded(site: Site) -> None:
    site.write(sa.delete(DecreeRow).where(DecreeRow.nomor_sk == "SK/1/2026"))


def without_scan(site: Site) -> None:
    site.write(sa.update(DecreeRow).values(sha256=None))


def paper_brought(_site: Site) -> None:
    for one in signed_papers.find():
        row = {"nomor": one.number, "key": signed_papers.decree.key(one.number)}
        paper = SignedPaper(**row, cases=list(one.cases), sha256="0" * 64, size=1)
        model.Session.add(paper)
    model.Session.commit()


def paper_late(site: Site) -> None:
    site.city.limit()
    site.write(sa.update(Decision).values(decided_at=ago(days=90)))


PAIRS = {
    "decrees_recorded": Pair(recorded, unrecorded),
    "decrees_scanned": Pair(recorded, without_scan),
    "papers_signed": Pair(paper_brought, paper_late),
}

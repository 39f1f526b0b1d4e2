"""Registers: complete, risks covered, contracts running, weaknesses mended, people trained."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki import advisories, filling
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry

from ..lines import audit, complete, day, open_lines, outdate, rewrite
from ..site import Pair, Site, ago, superuser


def filled(register: str, field: str) -> Pair:
    """Return the pair of a register that has to be complete."""

    def mends(site: Site) -> None:
        filling.run()
        complete(register)

    return Pair(mends, lambda site: outdate(register, field))


def processed(site: Site) -> None:
    if not open_lines("pemrosesan"):
        model.Session.add(
            SmkiEntry(register="pemrosesan", key="hand:1", written={"name": "Daftar hadir"})
        )
        model.Session.commit()
    complete("pemrosesan")


def changed(site: Site) -> None:
    known = {"event": "definition", "entry": 1, "day": day(0)}
    if not open_lines("perubahan"):
        model.Session.add(SmkiEntry(register="perubahan", key="entry:1", known=known))
        model.Session.commit()
    complete("perubahan")


def borne(site: Site) -> None:
    filling.run()
    complete("risiko", likelihood=1, impact=1, treated=day(0), treatment="reduce")


def unborne(site: Site) -> None:
    rewrite("risiko", likelihood=5, impact=5, treatment="accept", treated=None)


def untreated(site: Site) -> None:
    rewrite("risiko", due=day(-1), treated=None)


def contracted(site: Site) -> None:
    if not open_lines("pemasok"):
        values = {"name": "PT Contoh", "service": "Sewa server"}
        given = {"register": "pemasok", "values": values}
        site.city.act("walidata", "satudata_smki_entry_save", **given)
    rewrite("pemasok", ends=day(300))


def uncontracted(site: Site) -> None:
    rewrite("pemasok", ends=day(-1))


def listed(site: Site) -> None:
    site.kept.close()  # what was changed is as it was
    advisories.take(audit())


def listed_long_ago(site: Site) -> None:
    entry = entry_table.c
    query = sa.select(entry.id, entry.at).where(entry.event == advisories.EVENT)
    rows = model.Session.execute(query).tuples().all()
    model.Session.rollback()
    for number, at in rows:
        site.kept.callback(_moved, number, at)
        _moved(number, ago(days=43))


def _moved(number: int, at: dt.datetime) -> None:
    change = sa.update(entry_table).where(entry_table.c.id == number)
    with superuser() as connection:
        connection.execute(change.values(at=at))


def weak_for_long(site: Site) -> None:
    vulns = [{"id": "PYSEC-2026-1", "fix_versions": ["9999"]}]
    advisories.take(audit(click=vulns))
    (line,) = open_lines("kerentanan")
    line.known = {**line.known, "found": day(-31)}
    model.Session.commit()


def trained(site: Site) -> None:
    filling.run()
    complete("orang", trained=day(0))


def untrained(site: Site) -> None:
    row = next(r for r in open_lines("orang") if r.known["decides"] == "yes")
    row.written = {**row.written, "trained": day(-401)}
    model.Session.commit()


def left(site: Site) -> None:
    row = open_lines("orang")[0]
    row.known = {**row.known, "stand": "left", "since": day(-8)}
    model.Session.commit()


def closed(site: Site) -> None:
    if not open_lines("orang"):
        filling.run()
    complete("orang")


PAIRS = {
    "assets_complete": filled("aset", "retention"),
    "retention_set": filled("retensi", "class"),
    "continuity_planned": filled("kontinuitas", "plan"),
    "processing_complete": Pair(processed, lambda site: outdate("pemrosesan", "purpose")),
    "changes_explained": Pair(changed, lambda site: outdate("perubahan", "reason")),
    "risks_covered": Pair(borne, unborne),
    "treatments_in_time": Pair(borne, untreated),
    "contracts_running": Pair(contracted, uncontracted),
    "advisories_fresh": Pair(listed, listed_long_ago),
    "vulnerabilities_mended": Pair(listed, weak_for_long),
    "people_trained": Pair(trained, untrained),
    "leavers_closed": Pair(closed, left),
}

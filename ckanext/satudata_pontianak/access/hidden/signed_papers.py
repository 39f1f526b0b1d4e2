"""The signed papers of decisions that exclude: which are there, which are missing, who has them.

PPID and its superior sign the printed draft before the step. The scan, or the PDF with an
electronic signature, follows with the number or within the days of ``schemas/classification.yaml``;
the step does not wait for it. One paper serves every case that was decided under its number. The
office of either may bring it: whoever is a member of a body with the duty; only the duties read it.

The record of a removal (*Berita Acara Penghapusan*) is signed as well, within the same days. It has
a number of its own, which comes with the step or with its scan, and is brought by whoever holds the
duty that approved the removal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.model import DecreeScanRow
from ...agencies.rules import decree
from ...agencies.rules.duties import Actor, Duty
from ...classification.records.model import Decision, SignedPaper
from ...classification.rules.axes import classification
from ...classification.rules.deadlines import add_working_days
from ...ledger.service import append
from ..reading import removals
from ..reading.removals import Removal

PAGE = "/satudata/naskah"
SIGNING = (Duty.PPID, Duty.ATASAN_PPID)
READING = (*SIGNING, Duty.PENGAWAS)
"""Duties whose holders read the papers; to everybody else there are none."""
REMOVALS = (*READING, Duty.WALIDATA)
"""Duties whose holders read those of removals, of what they may read the unsigned paper of."""


@dataclass(frozen=True)
class Numbered:
    """What was decided under one number, and the paper that was signed for it."""

    number: str
    day: dt.date
    due: dt.date
    cases: tuple[str, ...]
    paper: SignedPaper | None
    removal: str | None = None
    """The case of the removal whose paper it is, where it is none of a decision."""
    dataset_id: str | None = None
    """What was removed, or of which files were."""

    def late(self, today: dt.date) -> bool:
        """Tell whether the paper should be there and is not."""
        return self.paper is None and self.due < today


def may_bring(actor: Actor) -> bool:
    """Tell whether somebody brings papers: PPID, its superior, or a member of their offices."""
    if not actor.active:
        return False
    if any(actor.has(duty) for duty in SIGNING):
        return True
    bodies = (registry.body_of(duty) for duty in SIGNING)
    return any(body is not None and body.id in actor.member_of for body in bodies)


def may_read(actor: Actor) -> bool:
    """Tell whether somebody reads the papers themselves."""
    return actor.active and any(actor.has(duty) for duty in READING)


def may_read_removals(actor: Actor) -> bool:
    """Tell whether somebody reads the signed papers of removals that they know of."""
    return actor.active and any(actor.has(duty) for duty in REMOVALS)


def may_have(actor: Actor, paper: SignedPaper) -> bool:
    """Tell whether somebody reads this one."""
    if paper.removal is None:
        return may_read(actor)
    return may_read_removals(actor) and removals.read(actor, paper.removal) is not None


def of_removal(case_id: str) -> SignedPaper | None:
    """Return the newest paper that was signed for a removal."""
    query = sa.select(SignedPaper).where(SignedPaper.removal == case_id)
    return model.Session.scalars(query.order_by(SignedPaper.created_at.desc()).limit(1)).first()


def numbered(removal: Removal, number: str | None = None) -> Numbered:
    """Return a removal that was decided, under the number that its paper has.

    :param number: that of the paper that is brought; else the one that it has already.
    """
    paper = of_removal(removal.case_id)
    called = number or (paper.nomor if paper else None) or removal.record or removal.receipt
    return _of_removal(
        called or "", removal.decided or days.today(), removal.case_id, removal.dataset_id, paper
    )


def _of_removal(
    called: str, day: dt.date, case_id: str, dataset_id: str, paper: SignedPaper | None
) -> Numbered:
    return Numbered(called, day, _due(day), (case_id,), paper, case_id, dataset_id)


def _due(day: dt.date) -> dt.date:
    """Return the day by which the paper of what was decided on a day is to be there."""
    return add_working_days(day, classification().exclusion.signed_within)


def find(number: str | None = None) -> list[Numbered]:
    """Return the numbers of decisions that exclude, the latest day first; or one number's."""
    rules = classification()
    closed = [name for name, level in rules.levels.items() if not level.open]
    first = sa.func.min(Decision.decided_at)
    query = (
        sa.select(Decision.nomor, first, sa.func.array_agg(Decision.case_id))
        .where(Decision.nomor.is_not(None), Decision.tingkat_keamanan.in_(closed))
        .group_by(Decision.nomor)
        .order_by(first.desc(), Decision.nomor)
    )
    together: dict[str, tuple[str, dt.datetime, list[str]]] = {}
    for nomor, moment, cases in model.Session.execute(query):
        key = decree.key(nomor)
        if number is not None and key != decree.key(number):
            continue
        said, begun, before = together.get(key, (nomor, moment, []))
        together[key] = (said, min(begun, moment), [*before, *cases])
    papers = _papers()
    found = []
    for key, (nomor, moment, cases) in together.items():
        day = moment.astimezone(days.CITY).date()
        found.append(Numbered(nomor, day, _due(day), tuple(sorted(set(cases))), papers.get(key)))
    return found


def _papers() -> dict[str, SignedPaper]:
    """Return the newest paper of each number of a decision."""
    query = sa.select(SignedPaper).where(SignedPaper.removal.is_(None))
    rows = model.Session.scalars(query.order_by(SignedPaper.created_at))
    return {row.key: row for row in rows}


def of_number(number: str | None) -> SignedPaper | None:
    """Return the newest paper that was signed under the number of a decision."""
    if not number:
        return None
    query = sa.select(SignedPaper).where(
        SignedPaper.key == decree.key(number), SignedPaper.removal.is_(None)
    )
    return model.Session.scalars(query.order_by(SignedPaper.created_at.desc()).limit(1)).first()


def keep(numbered: Numbered, content: bytes, actor: Actor) -> SignedPaper:
    """Keep a paper and write its hash into the ledger. The caller commits.

    The same bytes are kept once for their number; other ones take the place of what was there,
    which stays.
    """
    digest = hashlib.sha256(content).hexdigest()
    before, key = numbered.paper, decree.key(numbered.number)
    same = before is not None and before.sha256 == digest and before.key == key
    if before is not None and same and set(numbered.cases) <= set(before.cases):
        return before
    row = SignedPaper(
        nomor=numbered.number,
        key=key,
        removal=numbered.removal,
        cases=list(numbered.cases),
        sha256=digest,
        size=len(content),
        created_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    model.Session.add(DecreeScanRow(decree_id=row.id, content=content))
    model.Session.flush()
    append(
        model.Session,
        event="paper.record",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=numbered.dataset_id,
        case_id=numbered.removal,
        detail={
            "paper": row.id,
            "nomor": row.nomor,
            "sha256": digest,
            "cases": len(numbered.cases),
        },
    )
    return row


def content_of(actor: Actor, paper_id: str) -> bytes | None:
    """Return the bytes of a paper, ``None`` where there is none or it is not for the actor."""
    row = model.Session.get(SignedPaper, paper_id)
    if row is None or not may_have(actor, row):
        return None
    kept = model.Session.get(DecreeScanRow, row.id)
    return kept.content if kept is not None else None


def missing(today: dt.date) -> list[str]:
    """Return the numbers of decisions whose paper should be there and is not, in order."""
    return sorted(one.number for one in find() if one.late(today))


def missing_of_removals(today: dt.date) -> list[str]:
    """Return what the removals are called whose record should be there and is not, in order."""
    found = (
        _of_removal(u.called, u.decided, u.case_id, u.dataset_id, None) for u in removals.unsigned()
    )
    return sorted(one.number for one in found if one.late(today))

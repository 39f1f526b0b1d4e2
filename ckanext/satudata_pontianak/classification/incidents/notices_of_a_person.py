"""A person's own notices, and which mails they want."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies.rules.duties import Actor
from ...messages import Message
from ...msgids import N_
from ..cases import show
from ..notices.definition import notice_rules
from ..notices.mails import muted
from ..records import reads
from ..records.notice_model import Notice, NoticeChoice
from ..rules.policy import Channel, as_governed, decide
from ..rules.refusals import InvalidFields
from .answers import MailKind, Notices, NoticeTold

NOT_OPTIONAL = N_(
    "'%(kind)s' is no kind of mail that can be done without. Those that can: %(known)s."
)


def listed(actor: Actor, limit: int, offset: int) -> Notices:
    """Return a person's notices, newest first; datasets only where they may see the metadata."""
    mine = sa.select(Notice).where(Notice.user_id == actor.id)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(mine.subquery()))
    page = mine.order_by(Notice.id.desc()).limit(limit).offset(offset)
    rows = list(model.Session.scalars(page)) if limit else []
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    seen = {
        dataset_id
        for dataset_id, known in facts.items()
        if decide(actor, as_governed(known), Channel.METADATA)
    }
    query = sa.select(model.Package).where(model.Package.id.in_(seen))
    packages = {p.id: p for p in model.Session.scalars(query)} if seen else {}
    results = [_row(row, packages.get(row.package_id or "")) for row in rows]
    return {"count": int(count or 0), "results": results, "mails": mails(actor)}


def _row(row: Notice, package: model.Package | None) -> NoticeTold:
    kind = notice_rules().kinds.get(row.kind)
    return {
        "id": row.id,
        "kind": row.kind,
        "label": tk._(kind.label) if kind else row.kind,
        "at": show.moment(row.at),
        "number": row.facts.get("number"),
        "due": row.facts.get("due"),
        "receipt": row.facts.get("receipt"),
        "dataset_id": package.id if package else None,
        "dataset_name": package.name if package else None,
        "dataset_title": (package.title or package.name) if package else None,
        "request": row.request_id,
        "incident": row.incident_id,
        "mail": row.mail,
    }


def mails(actor: Actor) -> list[MailKind]:
    """Return the kinds whose mail can be done without, and whether this person wants it."""
    without = muted(actor.id or "")
    return [
        {"kind": kind.name, "label": tk._(kind.label), "wanted": kind.name not in without}
        for kind in notice_rules().optional_kinds()
    ]


def always() -> list[str]:
    """Return the labels of the kinds whose mail is a legal duty."""
    return [tk._(kind.label) for kind in notice_rules().kinds.values() if kind.always]


def choose(actor: Actor, without: Iterable[str]) -> list[MailKind]:
    """Keep which mails a person does without, and commit it; return all kinds as :func:`mails`.

    :raises InvalidFields: a kind is unknown, or its mail is a legal duty.
    """
    known = {kind.name for kind in notice_rules().optional_kinds()}
    names = set(without)
    if not names <= known:
        strange = sorted(names - known)[0]
        text = Message(NOT_OPTIONAL, {"kind": strange, "known": ", ".join(sorted(known))})
        raise InvalidFields({"without": [text]})
    user_id = actor.id or ""
    model.Session.execute(sa.delete(NoticeChoice).where(NoticeChoice.user_id == user_id))
    if names:
        rows = [{"user_id": user_id, "kind": name} for name in sorted(names)]
        statement = postgresql.insert(NoticeChoice).values(rows).on_conflict_do_nothing()
        model.Session.execute(statement)
    model.Session.commit()
    return mails(actor)


def own(user_id: str, number: int) -> Notice | None:
    """Return a person's own notice by its number, or ``None``."""
    query = sa.select(Notice).where(Notice.id == number, Notice.user_id == user_id)
    return model.Session.scalars(query).one_or_none()

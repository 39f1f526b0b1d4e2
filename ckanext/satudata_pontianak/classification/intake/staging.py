"""Staged files: brought, filled in, kept for some days, and known to their author alone.

Whoever else asks for one, system administrators too, is told what is told of an unknown id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...disclosure import misleading
from ...disclosure.report import Finding
from ...messages import Message
from ...msgids import N_
from ...tidying.definition import definition as tidying
from ..clock import rounds
from ..records import reads, text_findings
from ..records.model import new_id, now
from ..rules import filenames, kind_names
from ..rules.refusals import InvalidFields
from . import shelf
from .definition import intake
from .model import Staged

FILE, AGENCY = "upload", "owner_org"
LONGEST = 20_000

NO_FILE = N_("Choose a file.")
EMPTY = N_("The file is empty (0 bytes). Choose the file again.")
TOO_LARGE = N_(
    "The file is larger than %(limit)s MiB and cannot be read here. Publish it with the form "
    "without a file, and upload it there."
)
WRONG_TYPE = N_(
    "Files that end in .%(ending)s are not read here. Save it as XLSX or CSV, or publish it with "
    "the form without a file, and upload it there."
)
MISLEADING = N_(
    "The content of this file is not what its name says. Save it anew in the program that made it."
)
NO_AGENCY = N_("Choose the agency for which you publish.")
ENOUGH = N_("%(count)s files of yours wait already. Publish or remove one of them first.")
PERSONAL = N_(
    "This text holds what looks like personal data (%(kinds)s). It was not kept. Take it out."
)
TOO_LONG = N_("At most %(count)s characters.")


def stage(
    actor: Actor,
    agency: str,
    upload: Any,
    dataset: str | None = None,
    original: str | None = None,
) -> Staged:
    """Keep a file for its author; commits.

    :param agency: id of an agency for which they publish.
    :param upload: what a browser sent, or ``None``.
    :param dataset: id of the dataset whose next file it is.
    :param original: id of the file there whose place it takes.
    :raises InvalidFields: by the fields of the form; nothing is kept.
    """
    errors: dict[str, list[Message]] = {}
    if agency not in actor.publishes_for:
        errors[AGENCY] = [Message(NO_AGENCY)]
    if said := _refused(upload):
        errors[FILE] = [said]
    if errors:
        raise InvalidFields(errors)
    reads.lock_named(f"staged {actor.id}")
    if len(mine(actor)) >= intake().most:
        raise InvalidFields({FILE: [Message(ENOUGH, {"count": intake().most})]})
    id_, moment, limit = new_id(), now(), tidying().bounds.bytes
    try:
        sha256, size = shelf.put(id_, upload.stream, limit)
    except shelf.TooLarge:
        said = Message(TOO_LARGE, {"limit": limit // 1024**2})
        raise InvalidFields({FILE: [said]}) from None
    try:
        row = Staged(
            id=id_,
            user_id=actor.id,
            agency_id=agency,
            filename=upload.filename,
            sha256=sha256,
            size=size,
            fields={},
            dataset_id=dataset,
            original_id=original,
            created=moment,
            expires=moment + dt.timedelta(days=intake().kept_days),
        )
        model.Session.add(row)
        model.Session.commit()
    except BaseException:
        shelf.remove(id_)
        raise
    return row


def _refused(upload: Any) -> Message | None:
    """Return what is wrong with a file before it is read."""
    if upload is None or not upload.filename:
        return Message(NO_FILE)
    if problem := filenames.problem(upload.filename):
        return problem
    ending = filenames.ending(upload.filename)
    if ending not in intake().endings:
        return Message(WRONG_TYPE, {"ending": ending})
    if hard := text_findings.hard_findings("name", upload.filename):
        return Message(text_findings.NAME, {"kinds": _kinds(hard)})
    head = upload.stream.read(misleading.HEAD)
    upload.stream.seek(0)
    if not head:
        return Message(EMPTY)
    misled = misleading.misleads(head, upload.filename) is not None
    return Message(MISLEADING) if misled else None


def _kinds(found: Iterable[Finding]) -> list[Any]:
    return [kind_names.called(kind) for kind in sorted({one.kind for one in found})]


def mine(actor: Actor) -> list[Staged]:
    """Return the files of somebody that wait, the newest first."""
    query = sa.select(Staged).where(Staged.user_id == actor.id, Staged.expires > now())
    return list(model.Session.scalars(query.order_by(Staged.created.desc())))


def find(actor: Actor, id_: str) -> Staged | None:
    """Return a file of somebody's own, ``None`` of another's, an unknown one and an old one.

    Who publishes for its agency no more does not find it either.
    """
    query = sa.select(Staged).where(
        Staged.id == id_, Staged.user_id == actor.id, Staged.expires > now()
    )
    row = model.Session.scalars(query).one_or_none()
    return row if row is not None and row.agency_id in actor.publishes_for else None


def save(row: Staged, values: Mapping[str, Any]) -> dict[str, list[Message]]:
    """Keep what was filled in, apart from what holds a hard identifier; commits.

    :returns: what was not kept, and why, by field.
    """
    kept, errors = dict(row.fields), dict[str, list[Message]]()
    for name in intake().fields:
        if name not in values:
            continue
        text = str(values[name] or "")
        hard = text_findings.hard_findings(name, text)
        if hard:
            errors[name] = [Message(PERSONAL, {"kinds": _kinds(hard)})]
        elif len(text) > LONGEST:
            errors[name] = [Message(TOO_LONG, {"count": LONGEST})]
        else:
            kept[name] = text
    row.fields = kept
    model.Session.commit()
    return errors


def take(id_: str) -> bool:
    """Tell whether a dataset may be made of a file now; then nobody else may. Commits.

    Whoever sends a form twice makes one dataset.
    """
    last = now() - dt.timedelta(minutes=intake().again_after_minutes)
    free = sa.or_(Staged.taken.is_(None), Staged.taken < last)
    statement = sa.update(Staged).where(Staged.id == id_, free).values(taken=now())
    taken = model.Session.execute(statement.returning(Staged.id)).first() is not None
    model.Session.commit()
    return taken


def give_back(id_: str) -> None:
    """Undo what a refused action left, and let a dataset be made of a file after all; commits."""
    model.Session.rollback()
    model.Session.execute(sa.update(Staged).where(Staged.id == id_).values(taken=None))
    model.Session.commit()


def forget(id_: str) -> None:
    """Erase a staged file, what was read of it and what was typed; commits."""
    shelf.remove(id_)
    model.Session.execute(sa.delete(Staged).where(Staged.id == id_))
    model.Session.commit()


def erase(moment: dt.datetime | None = None) -> int:
    """Erase what is too old, and bytes without a row; commits.

    :returns: how many files were erased.
    """
    moment = moment or now()
    old = sa.delete(Staged).where(Staged.expires <= moment).returning(Staged.id)
    gone = set(model.Session.scalars(old))
    model.Session.commit()
    # Bytes are put there before their row: what is young may still get one.
    young = moment - dt.timedelta(hours=1)
    known = set(model.Session.scalars(sa.select(Staged.id)))
    lost = {id_ for id_ in shelf.ids() - known if id_ in gone or _older(id_, young)}
    for id_ in gone | lost:
        shelf.remove(id_)
    return len(gone | lost)


def _older(id_: str, moment: dt.datetime) -> bool:
    try:
        return shelf.path(id_).stat().st_mtime < moment.timestamp()
    except OSError:
        return True


def join() -> None:
    """Have old files erased by each run of the clock."""
    intake()
    rounds.join("intake", _round)


def _round() -> Iterator[str]:
    yield f"{erase()} staged files erased."

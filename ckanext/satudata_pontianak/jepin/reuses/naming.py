"""Which datasets a work is made of and its words name, and who may read these words for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import ANONYMOUS, Actor
from ...messages import Message
from ...msgids import N_
from ...smki.cooperation import knowing
from ..records.reuse_model import Reuse, ReuseDataset

TELLS = N_("These words name a dataset of which not everybody may know.")


def check(
    actor: Actor,
    said: Mapping[str, str],
    stands: Mapping[str, str],
    errors: dict[str, list[Message]],
) -> None:
    """Refuse words that name a dataset of which their writer knows, and not everybody.

    :param said: the words by field; ``stands``: those of others before.
    :param errors: what is wrong by field; it is added to.
    """
    for field, text in said.items():
        before = stands.get(field, "")
        if text != before:
            new = {*knowing.named_in(actor, text)} - {*knowing.named_in(actor, before)}
            if knowing.known(ANONYMOUS, new) != new:
                errors.setdefault(field, []).append(Message(TELLS))


def link(row: Reuse, package_ids: Collection[str]) -> None:
    """Keep of which datasets a work is made, and which its words name. The caller commits."""
    for package_id in package_ids:
        model.Session.add(ReuseDataset(reuse_id=row.id, package_id=package_id, listed=True))
    model.Session.flush()
    keep(row, ())


def keep(row: Reuse, before: Iterable[str]) -> None:
    """Keep which datasets the words name: who may not know of one of them reads none of it.

    What they named once counts, whatever became of it since, until they name it no longer.

    :param before: the words until now.
    """
    there = {each.package_id: each for each in datasets_of([row]).get(row.id, [])}
    words, once = (row.title, row.text, row.maker, row.url), [*before]
    named = {*knowing.named_in(ANONYMOUS, *words)}
    named |= knowing.named_among(there, *words)
    left = knowing.named_among(there, *once) - named
    named |= {each.package_id for each in there.values() if each.named} - left
    for each in there.values():
        each.named = each.package_id in named
    for package_id in named - there.keys():
        model.Session.add(ReuseDataset(reuse_id=row.id, package_id=package_id, named=True))
    row.names = len(named)
    model.Session.flush()


class Work(NamedTuple):
    """What decides who may know of a work: its id, and how many datasets its words name."""

    id: str
    names: int


def seen(actor: Actor, rows: Collection[Reuse | Work]) -> dict[str, list[str]]:
    """Return works that somebody may know of, each with those of its datasets that they know.

    :returns: id of a work → ids of datasets.
    """
    of_work = datasets_of(rows)
    known = knowing.known(actor, {d.package_id for each in of_work.values() for d in each})
    found: dict[str, list[str]] = {}
    for row in rows:
        each = of_work.get(row.id, [])
        named = [d.package_id for d in each if d.named]
        listed = [d.package_id for d in each if d.listed and d.package_id in known]
        # Of what was purged since the words may still tell.
        if listed and len(named) == row.names and known >= {*named}:
            found[row.id] = listed
    return found


def datasets_of(rows: Collection[Reuse | Work]) -> dict[str, list[ReuseDataset]]:
    """Return the datasets of works, listed and named, by id of the work."""
    found: dict[str, list[ReuseDataset]] = {}
    query = sa.select(ReuseDataset).where(ReuseDataset.reuse_id.in_([row.id for row in rows]))
    for each in model.Session.scalars(query.order_by(ReuseDataset.package_id)):
        found.setdefault(each.reuse_id, []).append(each)
    return found


def without_dataset() -> sa.ColumnElement[bool]:
    """Return the condition of works of which no dataset is there any more."""
    there = sa.select(ReuseDataset.reuse_id).join(
        model.Package, model.Package.id == ReuseDataset.package_id
    )
    return Reuse.id.not_in(there.where(ReuseDataset.listed, model.Package.state == "active"))

"""Before reviewers decide many cases together: are they alike, and did this person look into some?

Which files are to be opened is drawn; that they were, the ledger tells: whoever looks into a file
that is not open, or downloads it, is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies.rules.duties import Actor
from ...ledger import reading
from ...ledger import service as ledger
from ...messages import Message
from ..records import reads
from ..records.model import Case, Version
from ..rules import batch_rules
from ..rules.axes import AXES
from ..rules.batch_rules import Chosen
from ..versions.likeness import UNCHANGED
from . import show

READ, EVENT = "data.read", "batch.decide"
_NEWEST = 2_000

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """What has to be opened before an act."""

    lots: Mapping[str, str]
    """Dataset → its lot."""
    drawn: tuple[str, ...]
    """Ids of the datasets."""
    unopened: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """What stands against deciding cases together, and the sample."""

    chosen: tuple[Chosen, ...]
    against: tuple[Message, ...]
    sample: Sample

    @property
    def unopened(self) -> list[str]:
        """The titles of what was drawn and not opened."""
        return [c.title for c in self.chosen if c.dataset_id in self.sample.unopened]


def look_at(actor: Actor, items: Sequence[Item]) -> Looked:
    """Return what stands against one act in these cases, and what was drawn of them."""
    chosen = _chosen(actor, items)
    names = [each.dataset_id for each in chosen]
    # Of what the portal knows, not of what was sent: nobody asks until the sample suits them.
    waiting = _with_file(names)
    key, person = str(tk.config["SECRET_KEY"]).encode(), actor.id or ""
    lots = {name: batch_rules.lot(key, person, name, waiting.get(name, ())) for name in names}
    drawn = batch_rules.drawn(lots, chosen)
    opened = _opened(actor, drawn)
    unopened = tuple(name for name in drawn if name not in opened)
    against = batch_rules.against(chosen)
    return Looked(tuple(chosen), tuple(against), Sample(lots, tuple(drawn), unopened))


def require(actor: Actor, step: str, items: Sequence[Item]) -> frozenset[str]:
    """Let an act in many cases go on, and record what it was drawn by.

    :returns: ids and names of the datasets that stand apart: they are decided by themselves.
    :raises ckan.plugins.toolkit.ValidationError: the cases are unlike, or what was drawn of them
        was not opened by this person.
    """
    if not batch_rules.governs(step, len(items)):
        return frozenset()
    looked = look_at(actor, items)
    told = [message.text(tk._) for message in looked.against]
    if told:
        raise tk.ValidationError({"items": told})
    if looked.unopened:
        message = Message(batch_rules.UNOPENED, {"titles": looked.unopened})
        raise tk.ValidationError({"items": [message.text(tk._)]})
    if not looked.chosen:
        return frozenset()
    ledger.append(
        model.Session,
        event=EVENT,
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "step": step,
            "lots": dict(looked.sample.lots),
            "drawn": list(looked.sample.drawn),
        },
    )
    model.Session.commit()
    apart = [each for each in looked.chosen if each.apart]
    return frozenset(name for each in apart for name in (each.dataset_id, each.name))


def _chosen(actor: Actor, items: Sequence[Item]) -> list[Chosen]:
    """Return the open cases that items name and this person may see.

    Others are refused one by one, as if there were none: nothing is told of them here.
    """
    ids = [i["id"] for i in items if isinstance(i.get("id"), str) and "\x00" not in i["id"]]
    named = sa.or_(model.Package.id.in_(ids), model.Package.name.in_(ids))
    query = (
        sa.select(Case, model.Package)
        .join(model.Package, model.Package.id == Case.package_id)
        .where(named, Case.ended_at.is_(None))
    )
    found = model.Session.execute(query).all()
    facts = reads.facts_for(package.id for _, package in found)
    rows = [
        (case, package)
        for case, package in found
        if package.id in facts and show.may_see_case(actor, facts[package.id])
    ]
    with_file = _with_file([package.id for _, package in rows])
    return [
        Chosen(
            package.id,
            package.name,
            package.title or package.name,
            package.owner_org or "",
            tuple(str(_axes(case).get(axis) or "") for axis in AXES),
            case.scan_verdict,
            package.id in with_file and case.likeness != UNCHANGED,
        )
        for case, package in rows
    ]


def _axes(case: Case) -> Mapping[str, Any]:
    return (case.assessment or {}).get("axes") or case.proposal or {}


def _with_file(ids: Sequence[str]) -> dict[str, set[str]]:
    """Return dataset → versions that wait and whose bytes are kept."""
    query = sa.select(Version.package_id, Version.id).where(
        Version.package_id.in_(ids), Version.state == "waiting", Version.sha256.is_not(None)
    )
    found: dict[str, set[str]] = {}
    for package_id, version_id in model.Session.execute(query):
        found.setdefault(package_id, set()).add(version_id)
    return found


def _opened(actor: Actor, drawn: Sequence[str]) -> set[str]:
    """Return the datasets of which this person read a whole file that waits now."""
    waiting = _with_file(drawn)
    wanted = reading.Wanted(datasets=tuple(drawn), actor=actor.id, event=READ)
    found = reading.entries(model.Session, wanted, limit=_NEWEST) if drawn else []
    return {
        str(entry["dataset_id"])
        for entry in found
        for said in [entry["said"].get("detail") or {}]
        if said.get("version") in waiting.get(str(entry["dataset_id"]), ()) and not said.get("part")
    }

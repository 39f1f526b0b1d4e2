"""What was written before types and addresses were declared: found, closed, and recorded once.

The rows stay as they are; nobody sees them until somebody clears them away or puts them right.
What is of an undeclared type is closed by the policy already. Here core's own columns are brought
in step, and what a free type may not hold is closed, which core shows to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchError, SearchIndexError

from ... import config
from ...ledger import install
from ...ledger import service as ledger
from ...ledger.tables import entry_table
from ...surface.types import types
from ..records import dataset_types, job_queue, stale_index, text_findings
from . import gate

LOCK = 6171_0041
DATASET, GROUP, FILE = "dataset.close", "group.close", "resource.close"
# What a reader is not led to; blanks inside an address are an old habit and harm nobody.
_ADDRESS = r"^https?://[^/@\\[:cntrl:][:space:]]+([/?#][^\\[:cntrl:]]*)?$"


@dataclass(frozen=True)
class Found:
    """What is left over, by id: datasets and groups of undeclared types, and what is in the rest.

    ``datasets`` are of undeclared types; ``texts`` of free types, with texts that are refused
    today; ``files`` resources of free types that hold none; ``links`` resources at no address;
    ``members`` groups and agencies with somebody or something in an undeclared capacity, which is
    any text, and which nobody sees here.
    """

    datasets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


def find() -> Found:
    """Look for what is left over; nothing is changed."""
    return Found(
        datasets=_ids(_undeclared().where(model.Package.state != "deleted")),
        groups=_ids(_strange_groups().where(model.Group.state == "active")),
        files=_ids(_files().where(model.Resource.state == "active")),
        texts=tuple(_refused_texts()),
        links=_ids(_links()),
        members=_ids(_strange_members()),
    )


def _ids(query: sa.Select[Any]) -> tuple[str, ...]:
    return tuple(model.Session.scalars(query))


def _undeclared() -> sa.Select[Any]:
    kind = sa.func.coalesce(sa.func.nullif(model.Package.type, ""), dataset_types.DEFAULT)
    return sa.select(model.Package.id).where(kind.not_in(sorted(dataset_types.known())))


def _strange_groups() -> sa.Select[Any]:
    agency = model.Group.is_organization.is_(True)
    return sa.select(model.Group.id).where(
        sa.or_(
            agency & model.Group.type.not_in(types().organizations),
            ~agency & model.Group.type.not_in(types().groups),
        )
    )


def _files() -> sa.Select[Any]:
    without = [name for name, kind in dataset_types.free().items() if not kind.resources]
    return (
        sa.select(model.Resource.id)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(model.Package.type.in_(without))
    )


def _links() -> sa.Select[Any]:
    url = model.Resource.url
    return (
        sa.select(model.Resource.id)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(
            model.Resource.state == "active",
            model.Package.state != "deleted",
            model.Resource.url_type.is_distinct_from("upload"),
            sa.func.coalesce(url, "") != "",
            ~url.regexp_match(_ADDRESS, flags="i"),
        )
    )


def _strange_members() -> sa.Select[Any]:
    """Ask for the names of groups and agencies: what stands in their capacities may be anything."""
    member = model.Member
    return (
        sa.select(model.Group.name)
        .join(member, member.group_id == model.Group.id)
        .where(
            member.state == "active",
            model.Group.state == "active",
            sa.func.coalesce(member.capacity, "").not_in(types().capacities),
        )
        .distinct()
        .order_by(model.Group.name)
    )


def _refused_texts() -> Iterable[str]:
    """Give the ids of datasets of free types whose texts would be refused today, and are open."""
    query = sa.select(model.Package.id).where(
        model.Package.type.in_(sorted(dataset_types.free())),
        model.Package.state != "deleted",
        model.Package.private.is_(False),
    )
    for dataset_id in model.Session.scalars(query).all():
        stored = gate.stored_dict({"ignore_auth": True, "user": ""}, dataset_id)
        try:
            if text_findings.check(stored, {}):
                yield dataset_id
        except tk.ValidationError:
            yield dataset_id


def close() -> Found:
    """Close what is left over and record it; commits. Safe to run again.

    :returns: what was closed now, or was found closed without a record.
    """
    if not config.governed_types() or not install.installed(model.Session):
        model.Session.rollback()
        return Found()
    # Several workers start at once: whoever comes second finds it closed.
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    found = find()
    closed = Found(
        datasets=_new(DATASET, _ids(_undeclared())),
        groups=_new(GROUP, _ids(_strange_groups())),
        files=_new(FILE, _ids(_files())),
        texts=found.texts,
    )
    for table, ids, values in (
        (model.Package, (*found.datasets, *found.texts), {"private": True}),
        (model.Group, found.groups, {"state": "deleted"}),
        (model.Resource, found.files, {"state": "deleted"}),
    ):
        if ids:
            model.Session.execute(sa.update(table).where(table.id.in_(ids)).values(values))
    for event, ids in (
        (DATASET, (*closed.datasets, *closed.texts)),
        (GROUP, closed.groups),
        (FILE, closed.files),
    ):
        for one in ids:
            ledger.append(
                model.Session,
                event=event,
                actor_id=None,
                dataset_id=one if event == DATASET else None,
                detail={"id": one, "code": "undeclared"},
                channel="command",
            )
    model.Session.commit()
    _reindex(sorted({*found.texts, *_datasets_of(found.files)}))
    return closed


def _reindex(ids: list[str]) -> None:
    """Take what was closed out of the index, from which core shows datasets; a worker, if need be.

    What is of an undeclared type is never searched, so that only the others are indexed.
    """
    try:
        stale_index.rebuild_all(ids)
    except (SearchError, SearchIndexError, OSError):
        job_queue.ask("reindex", ids, queue="bulk")


def _new(event: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of which the ledger does not say yet that they were closed."""
    if not ids:
        return ()
    said = entry_table.c.body["detail"]["id"].as_string()
    query = sa.select(said).where(entry_table.c.event == event, said.in_(ids))
    known = set(model.Session.scalars(query))
    return tuple(one for one in ids if one not in known)


def _datasets_of(resources: tuple[str, ...]) -> list[str]:
    query = sa.select(model.Resource.package_id).where(model.Resource.id.in_(resources))
    return [str(one) for one in model.Session.scalars(query.distinct())] if resources else []


def retype(dataset_id: str, kind: str) -> None:
    """Give a dataset of an undeclared type one that needs a decision; it stays closed. Commits.

    :raises ValueError: there is no such dataset, or the type needs no decision.
    """
    package = model.Package.get(dataset_id)
    if package is None or not dataset_types.is_undeclared(package.type):
        raise ValueError("There is no such dataset of an undeclared type.")
    if kind not in config.governed_types():
        raise ValueError("Choose a type that needs a decision.")
    before = package.type
    package.type, package.private = kind, True
    ledger.append(
        model.Session,
        event="dataset.retype",
        actor_id=None,
        dataset_id=package.id,
        before={"type": before},
        after={"type": kind},
        channel="command",
    )
    found = package.id
    model.Session.commit()
    _reindex([found])

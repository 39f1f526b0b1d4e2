"""Tell people something, in the transaction of what they are told; mails follow by the clock.

Who is told follows from ``schemas/notices.yaml``. Whatever is rolled back was told to nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, PUBLISHING_CAPACITIES, Duty
from ...ledger import codes
from ..records import reads
from ..records.model import new_id, now
from ..records.notice_model import Notice
from ..rules.policy import Channel, as_governed, decide
from .definition import OWNER_ADMINS, OWNER_PUBLISHERS, notice_rules

MAX_FACT = 40
BARE = {"package_id": None, "case_id": None, "request_id": None}
"""What a notice does not carry for who may not know of the dataset."""


def people(names: Iterable[str], owner_org: str | None) -> list[str]:
    """Return the ids of the active users whom these names mean today, each once, sorted.

    :param names: duties, ``owner_publishers``, ``owner_admins``; see ``schemas/notices.yaml``.
    :param owner_org: the id of the agency that owns the dataset.
    :raises ValueError: a name is neither.
    """
    found: set[str] = set()
    for name in names:
        if name == OWNER_PUBLISHERS:
            found.update(_members(owner_org, PUBLISHING_CAPACITIES))
        elif name == OWNER_ADMINS:
            found.update(_members(owner_org, {"admin"}))
        else:
            found.update(registry.holders_of(Duty(name)))
    return sorted(found)


def _members(agency: str | None, capacities: Iterable[str]) -> list[str]:
    query = (
        sa.select(model.User.id)
        .join(model.Member, model.Member.table_id == model.User.id)
        .where(
            model.Member.table_name == "user",
            model.Member.state == "active",
            model.Member.capacity.in_(list(capacities)),
            model.Member.group_id == agency,
            model.User.state == "active",
        )
    )
    return list(model.Session.scalars(query))


def recipients(kind: str, owner_org: str | None, holder: str | None = None) -> list[str]:
    """Return the ids of whom a kind of notice goes to, for a dataset of this agency.

    :param holder: the duty that the case or request lies with.
    """
    return people(notice_rules().people_of(kind, holder), owner_org)


def tell(
    session: Any,
    kind: str,
    recipients: Iterable[str],
    *,
    dataset_id: str | None = None,
    case_id: str | None = None,
    request_id: str | None = None,
    incident_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
    about: str | None = None,
    at: dt.datetime | None = None,
) -> int:
    """Write one notice for each person, in the caller's transaction; return how many are new.

    :param kind: a kind of ``schemas/notices.yaml``.
    :param recipients: ids of users, as :func:`recipients` gives them. Whoever may not know that
        the dataset exists is left out; of a kind that is ``blind`` they are told that something
        is so, and not what.
    :param facts: only what the kind may carry: a number, a day (ISO).
    :param about: what this is about and when, so that telling it again is no second notice;
        without it every call is a notice of its own.
    :raises KeyError: there is no such kind.
    :raises ValueError: the kind may not carry these facts. Titles, reasons and findings never
        stand in a notice.
    """
    spec = notice_rules().kinds[kind]
    for name, value in (facts or {}).items():
        if name not in spec.facts or not _harmless(value):
            raise ValueError(f"a notice '{kind}' may not carry '{name}'")
    ids = sorted(set(recipients))
    seeing = set(ids)
    if dataset_id is not None and incident_id is None:
        seeing = set(_who_may_know(ids, dataset_id))
        ids = ids if spec.blind else sorted(seeing)
    if not ids:
        return 0
    row = {
        "kind": kind,
        "about": f"{kind}:{about or new_id()}",
        "package_id": dataset_id,
        "case_id": case_id,
        "request_id": request_id,
        "incident_id": incident_id,
        "facts": dict(facts or {}),
        "at": at or now(),
        "mail": "waiting",
    }
    statement = (
        postgresql.insert(Notice)
        .values([{**row, **({} if i in seeing else BARE), "user_id": i} for i in ids])
        .on_conflict_do_nothing(index_elements=["user_id", "about"])
        .returning(Notice.id)
    )
    return len(session.execute(statement).all())


def _who_may_know(ids: list[str], dataset_id: str) -> list[str]:
    """Return those who may know that a dataset exists: of some the owner's editors do not.

    An incident is told of by its number alone, also where its dataset is closed to them.
    """
    facts = as_governed(reads.facts_of(dataset_id))
    if decide(ANONYMOUS, facts, Channel.EXISTS):
        return ids
    actors = {user_id: registry.actor_for(user_id) for user_id in ids}
    return [
        user_id
        for user_id, actor in actors.items()
        if decide(actor.on(dataset_id, facts.owner_org), facts, Channel.EXISTS)
    ]


def _harmless(value: Any) -> bool:
    """Tell whether a value is a number, a receipt, or the short text of a day or a moment."""
    if isinstance(value, int) and not isinstance(value, bool):
        return True
    if not isinstance(value, str) or len(value) > MAX_FACT:
        return False
    if any(value == codes.shown(code) for code in codes.found(value)[0]):
        return True
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True

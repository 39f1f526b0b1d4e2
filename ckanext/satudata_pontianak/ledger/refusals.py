"""What was tried and refused.

The call that is refused rolls back, so its record is written in a transaction of its own. The first
refusal of a person at a door in a minute is an entry; further ones are counted, as are all of those
who are not known, by the minute and by the door that was tried. The clock writes the counts as
entries, one for each person and one for everybody who is not known: nobody can flood the chain.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model

from .. import clock
from ..agencies import registry
from ..agencies.rules.duties import Actor
from . import service, writing
from .tables import person_refusal_table, refusal_table

log = logging.getLogger(__name__)

EVENT = "refused"
COUNTED = "refused.anonymous"
AGAIN = "refused.again"

DECIDING = frozenset(
    """
    satudata_classification_transition satudata_classification_batch satudata_finding_resolve
    satudata_hold_create satudata_hold_confirm satudata_hold_release satudata_sealed_purge
    satudata_older_versions_set
    satudata_version_mask
    satudata_access_request_create satudata_access_request_decide satudata_access_grant_revoke
    satudata_delegation_create satudata_delegation_revoke satudata_decree_create
    satudata_signed_paper_create
    satudata_membership_propose satudata_membership_confirm satudata_membership_decline
    satudata_break_glass_start satudata_break_glass_end satudata_ledger_list
    organization_create organization_update organization_delete organization_purge
    organization_member_create organization_member_delete member_create member_delete
    dataset_purge satudata_second_factor_reset
    """.split()
)
"""Acts whose refusal is recorded, whatever refuses them: a duty, a rule or a field."""

WRITING = frozenset(
    """
    api_token_create user_update user_delete user_invite
    package_create package_update package_patch package_revise package_delete
    resource_create resource_update resource_patch resource_delete
    datastore_search datastore_info datastore_create datastore_upsert datastore_delete
    """.split()
)
"""Acts whose refusal is recorded where the person may not; what is filled in wrongly is not."""

WATCHED = DECIDING | WRITING
_MOST = 2000
_NOTED = "satudata_refusal_noted"
_steps: set[str] = set()


def know_steps(names: Iterable[str]) -> None:
    """Say which steps there are: an entry keeps these names, and no other text of a caller."""
    _steps.update(names)


def watched(actions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actions, those that decide or write with a record of each refusal."""
    return {
        name: _watched(name, action) if name in DECIDING | WRITING else action
        for name, action in actions.items()
    }


def _watched(name: str, action: Callable[..., Any]) -> Callable[..., Any]:
    refuses = (tk.NotAuthorized, tk.ObjectNotFound)
    if name in DECIDING:
        refuses = (*refuses, tk.ValidationError)

    @functools.wraps(action)
    def tried(*args: Any, **more: Any) -> Any:
        try:
            return action(*args, **more)
        except refuses as problem:
            context = args[-2] if len(args) > 1 else more.get("context", {})
            asked = args[-1] if args else more.get("data_dict", {})
            _note_action(name, context, asked, problem)
            raise

    return tried


def _note_action(name: str, context: Any, asked: Any, problem: Exception) -> None:
    if context.get("ignore_auth") or getattr(problem, _NOTED, False):
        return
    setattr(problem, _NOTED, True)
    asked = asked if isinstance(asked, dict) else {}
    reference = asked.get("id") or asked.get("package_id")
    try:
        actor = registry.actor_from_context(context)
    except SQLAlchemyError:
        log.exception("a refused attempt at %s could not be recorded", name)
        return
    step = asked.get("transition")
    note(
        actor,
        name,
        dataset_id=_dataset_of(reference),
        problem=problem,
        step=step if isinstance(step, str) else None,
    )


def _dataset_of(reference: Any) -> str | None:
    """Return the id of the dataset that was meant, if it is one."""
    if not isinstance(reference, str) or not reference or _written(reference) != reference:
        return None
    try:
        with model.Session.no_autoflush:
            query = sa.select(model.Package.id).where(
                sa.or_(model.Package.id == reference, model.Package.name == reference)
            )
            found = model.Session.scalar(query)
            if found is None:
                resource = model.Resource
                found = model.Session.scalar(
                    sa.select(resource.package_id).where(resource.id == reference)
                )
    except SQLAlchemyError:  # the refused call left its session unusable; the caller rolls back
        return None
    return found


def note(
    actor: Actor,
    door: str,
    *,
    dataset_id: str | None,
    problem: Exception | str,
    step: str | None = None,
    **more: Any,
) -> None:
    """Record that something was tried and refused; the refusal stands whatever becomes of it.

    :param door: the action or the kind of route that was tried, a name out of a fixed list.
    :param problem: what refused it; its text is kept as free text, which can be erased.
    :param step: the step of a case that was asked for; what is none is not kept.
    """
    if actor.anonymous:
        if flask.has_request_context():
            count(door)
        return
    code = None
    if isinstance(problem, tk.ValidationError):
        codes = problem.error_dict.get("code")
        code = codes[0] if isinstance(codes, list) and codes else "fields"
        told = str(problem.error_summary)
    else:
        told = str(problem)
        if not isinstance(problem, tk.ObjectNotFound):
            code = "not_allowed"
        elif dataset_id is None:
            return  # nothing of the kind is there: a slip of the pen, no refused act
        else:
            code = "hidden"
    draft = service.draft(
        event=EVENT,
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=dataset_id,
        outcome="refused",
        detail={
            "action": door,
            "transition": step if step in _steps else None,
            "code": code,
            "said": _written(told[:1000]),
            **more,
        },
    )
    try:
        with _own() as connection:
            if _is_first(connection, door, actor.id or ""):
                writing.write(connection, [draft])
    except SQLAlchemyError:
        log.exception("a refused attempt at %s could not be recorded", door)


def _is_first(connection: sa.Connection, door: str, person: str) -> bool:
    """Count a refusal of a person; tell whether it is the first of this minute at this door."""
    table = person_refusal_table
    statement = insert(table).values(minute=_minute(), exit=door, person=person, tries=1)
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.minute, table.c.exit, table.c.person],
        set_={"tries": table.c.tries + 1},
    )
    return connection.scalar(statement.returning(table.c.tries)) == 1


def _minute() -> dt.datetime:
    return clock.now().replace(second=0, microsecond=0)


def _written(text: str) -> str:
    """Return a text as it can be written down: JSON may bring what is no text in UTF-8."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def count(door: str) -> None:
    """Count a refusal of somebody who is not known, by the minute and the door."""
    table = refusal_table
    statement = insert(table).values(minute=_minute(), exit=door, tries=1)
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.minute, table.c.exit], set_={"tries": table.c.tries + 1}
    )
    try:
        with _own() as connection:
            connection.execute(statement)
    except SQLAlchemyError:
        log.exception("a refusal at %s could not be counted", door)


@contextlib.contextmanager
def _own() -> Iterator[sa.Connection]:
    """Begin a transaction on another connection than the session's; it does not wait for long."""
    engine: Any = model.Session.get_bind()
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        yield connection


def gather() -> int:
    """Write the counts of past minutes as entries, and forget them; commit. Return their sum.

    One entry for all who are not known, and one for each person who was refused again within a
    minute, unless the clock stood still for days.
    """
    return _gather(refusal_table) + _gather(person_refusal_table)


def _gather(table: sa.Table) -> int:
    total = 0
    columns = list(table.primary_key.columns)
    while True:
        due = (
            sa.select(table)
            .where(table.c.minute < _minute())
            .order_by(*columns)
            .limit(_MOST)
            .with_for_update()
        )
        rows = model.Session.execute(due).all()
        if not rows:
            model.Session.rollback()
            return total
        for person, counted in _by_person(rows).items():
            count = sum(c["count"] for c in counted)
            service.append(
                model.Session,
                event=AGAIN if person else COUNTED,
                actor_id=person,
                outcome="refused",
                detail={"counted": counted, "count": count},
            )
            total += count
        keys = [tuple(getattr(r, c.name) for c in columns) for r in rows]
        model.Session.execute(sa.delete(table).where(sa.tuple_(*columns).in_(keys)))
        model.Session.commit()


def _by_person(rows: Iterable[Any]) -> dict[str | None, list[dict[str, Any]]]:
    """Return the counts of each person; the first refusal of a minute is an entry already."""
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        person = getattr(row, "person", None)
        count = row.tries - (1 if person else 0)
        if count:
            told = {"minute": row.minute, "exit": row.exit, "count": count}
            found.setdefault(person, []).append(told)
    return found

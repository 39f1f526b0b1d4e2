"""Steps in the life of an app: as ``schemas/jepin/lifecycle.yaml`` has them, in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.objection import NO_DATE, read_date
from ...classification.incidents.fields import Kinds
from ...classification.records.dataset_types import APP
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki.rules import written
from ..records import apps
from ..records.apps import App
from ..records.lifecycle import row_of
from ..records.register_model import AppLife, AppStep
from ..rules.lifecycle import Entry, Step, lifecycle

LOWEST, LONGEST = 10, 2000
FIRST = dt.date(1990, 1, 1)

WRONG_DAY = N_("Choose a day from %(first)s to %(last)s.")
ASKED = N_("Name what replaces the app, or say that nothing does.")
BOTH = N_("Name what replaces the app, or say that nothing does, not both.")
WANTED = N_("Name the app that does what this one did.")
NO_APP = N_("There is no such app.")
ITSELF = N_("An app does not replace itself.")
ENDED = N_("That app cannot be used any more itself.")
NOT_ASKED = N_("This step does not ask for it.")


def entry_of(app: App) -> Entry:
    """Return what steps ask of the entry of an app."""
    package, more = app.package, app.package.extras or {}
    personal = more.get("memproses_data_pribadi")
    return Entry(
        decided=app.facts.decision is not None,
        address=any((package.url, more.get("alamat_play_store"), more.get("alamat_app_store"))),
        office=bool(package.maintainer and package.maintainer_email),
        basis=personal == "tidak" or bool(personal and more.get("dasar_pemrosesan")),
    )


def state_of(app: App) -> str:
    """Return the state of an app."""
    row = row_of(app.package.id)
    return row.state if row else lifecycle().first


def take(app: App, name: str, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Take a step; the caller commits.

    :param given: ``reason``, and where the step asks for it ``day``, and ``successor`` or ``none``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    package = app.package
    apps.lock()
    rules, state = lifecycle(), state_of(app)
    problems = rules.problems(name, state, app.parts, entry_of(app))
    if problems:
        raise InvalidFields({"step": problems})
    step, errors = rules.steps[name], dict[str, list[Message]]()
    texts = written.texts(("reason",), given, kinds_in, errors, LOWEST, LONGEST)
    day = _day(step, given, errors)
    successor = _successor(app, step, given, errors)
    if errors:
        raise InvalidFields(errors)
    row = row_of(package.id) or AppLife(package_id=package.id)
    row.state, row.since, row.reason = step.to, day, texts["reason"]
    row.successor_id = successor
    taken = AppStep(
        package_id=package.id,
        step=name,
        before=state,
        state=step.to,
        day=day,
        reason=texts["reason"],
        successor_id=successor,
        actor_id=app.actor.id,
    )
    model.Session.add_all([row, taken])
    receipt = append(
        model.Session,
        event=f"jepin.{name}",
        actor_id=app.actor.id,
        actor_name=app.actor.name,
        dataset_id=package.id,
        detail={"before": state, "state": step.to, "due": day, "definition": rules.version},
    )
    receipt.tell(taken, "ledger_entry")
    model.Session.flush()
    return receipt


def _day(step: Step, given: Mapping[str, Any], errors: dict[str, list[Message]]) -> dt.date:
    today, value = days.today(), given.get("day")
    if not step.day:
        if value not in (None, ""):
            errors["day"] = [Message(NOT_ASKED)]
        return today
    day = read_date(value)
    if day is None:
        errors["day"] = [Message(NO_DATE)]
    elif not FIRST <= day <= today:
        errors["day"] = [Message(WRONG_DAY, {"first": FIRST, "last": today})]
    return day or today


def _successor(
    app: App, step: Step, given: Mapping[str, Any], errors: dict[str, list[Message]]
) -> str | None:
    """Return the id of what replaces an app, ``None`` where nothing does.

    It is an app of which the caller may know; of another they get the answer for an unknown name.
    """
    named, nothing = given.get("successor"), bool(given.get("none"))
    key = "successor"
    if step.successor == "no":
        if named not in (None, "") or nothing:
            errors[key] = [Message(NOT_ASKED)]
        return None
    if named in (None, ""):
        if step.successor == "required":
            errors[key] = [Message(WANTED)]
        elif not nothing:
            errors[key] = [Message(ASKED)]
        return None
    other = apps.known(named, app.actor)
    if nothing:
        errors[key] = [Message(BOTH)]
    elif other is None or other.package.type != APP:
        errors[key] = [Message(NO_APP)]
    elif other.package.id == app.package.id:
        errors[key] = [Message(ITSELF)]
    elif lifecycle().states[state_of(other)].ended:
        errors[key] = [Message(ENDED)]
    return other.package.id if other else None


def steps(package_id: str) -> list[AppStep]:
    """Return the steps that were taken in the life of an app, the last one first."""
    query = sa.select(AppStep).where(AppStep.package_id == package_id)
    return list(model.Session.scalars(query.order_by(AppStep.at.desc(), AppStep.id)))

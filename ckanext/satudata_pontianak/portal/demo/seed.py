"""Make the demo: agencies, people, datasets. What is there already is left as it is.

Nothing goes around the workflow: datasets are created, submitted, tested and approved by the
people who have the duty, through the same actions as on the pages.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata_pontianak.agencies import fixtures
from ckanext.satudata_pontianak.classification.records import addresses
from ckanext.satudata_pontianak.classification.records.model import Hold
from ckanext.satudata_pontianak.classification.records.model import Step as TakenStep

from ... import days
from . import apps, catalogue, keys, people
from .catalogue import HOLD, NEW_FILE, DemoDataset, Step
from .people import DemoError

Report = Callable[[str], None]
REFUSALS = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)


@dataclass(frozen=True)
class Outcome:
    """What a run of the demo changed."""

    agencies: int = 0
    accounts: int = 0
    datasets: int = 0
    steps: int = 0
    delegations: int = 0

    @property
    def nothing(self) -> bool:
        """Everything was there already."""
        return self == Outcome()


def run(report: Report, folder: Path | None = None) -> Outcome:
    """Make whatever of the demo is missing.

    :raises DemoError: with the place where it stopped; what was made until then stays, and the
        next run goes on from there.
    """
    folder = folder or keys.folder()
    report(tk._("Accounts"))
    accounts = make_people(folder)
    report(tk._("Agencies"))
    people.ensure_decrees()
    agencies = make_agencies()
    for person in people.PEOPLE:
        _explained(person.name, "organization_member_create", people.ensure_membership, person)
    make_tokens(folder)
    stand_in = people.STAND_IN
    delegations = int(
        _explained(stand_in, "satudata_delegation_create", people.ensure_delegation, days.today())
    )
    _explained(people.STAND_IN_BY, "satudata_smki_role_create", people.ensure_roles)
    created = steps = 0
    finished: list[str] = []
    everything = catalogue.datasets()
    for number, dataset in enumerate(everything, 1):
        report(f"[{number}/{len(everything)}] {dataset.values['title']}")
        new, taken = make_dataset(dataset, report)
        created, steps = created + new, steps + taken
        if not new and not taken:
            finished.append(dataset.name)
    report(tk._("The city's apps"))
    fresh = []
    for item in apps.apps():
        new, taken = apps.make(item, _explained)
        created, steps = created + new, steps + taken
        fresh += [item] if new else []
    for item in fresh:
        apps.link(item, _explained)
    index(finished)
    return Outcome(agencies, accounts, created, steps, delegations)


def make_people(folder: Path) -> int:
    """Make the missing accounts; passwords are written down before they are used."""
    path = folder / keys.PASSWORDS
    known = keys.read(path)
    passwords = {
        p.name: known.get(p.name) or people.new_password() for p in people.PEOPLE if p.logs_in
    }
    keys.write(path, passwords)
    by, made = people.site_user(), 0
    for person in people.PEOPLE:
        password = passwords.get(person.name) or people.new_password()
        made += _explained(person.name, "user_create", people.ensure_account, person, password, by)
    return made


def make_agencies() -> int:
    """Make the missing agencies, as the system administrator of the demo."""
    admin = model.User.get(people.SYSADMIN)
    context: Any = {"user": people.SYSADMIN, "auth_user_obj": admin, "ignore_auth": False}
    try:
        return len(_explained(people.SYSADMIN, "organization_create", fixtures.seed, context))
    finally:
        model.Session.rollback()


def make_tokens(folder: Path) -> None:
    """Write a token that works for everyone who logs in; each is kept as soon as it is made."""
    path = folder / keys.TOKENS
    known, tokens = keys.read(path), {}
    for person in people.PEOPLE:
        if not person.logs_in:
            continue
        name = person.name
        tokens[name] = _explained(name, "api_token_create", people.ensure_token, person, known)
        if tokens[name] != known.get(name):
            keys.write(path, {**known, **tokens})
    keys.write(path, tokens)
    model.Session.rollback()


def make_dataset(dataset: DemoDataset, report: Report) -> tuple[bool, int]:
    """Make a dataset, or take it further from where a run before was interrupted.

    Only a case in which nothing but steps of this demo were taken is taken further. Where
    somebody has worked with it, it is theirs now.

    :returns: whether it was created, and how many steps were taken.
    """
    created = False
    package = model.Package.get(dataset.name)
    if package is None:
        _create(dataset)
        created = True
        package = model.Package.get(dataset.name)
    elif not _is_ours(package, dataset):
        report(tk._("    exists and does not belong to the demo: left as it is"))
        return False, 0
    if package is None:
        raise DemoError(_where(dataset.name, "package_create", tk._("nothing was created")))
    package_id = package.id
    road = dataset.steps(days.today())
    taken = _taken(package_id)
    model.Session.rollback()
    if taken != tuple(s.transition for s in road[: len(taken)]):
        return created, 0
    for step in road[len(taken) :]:
        _take(dataset, step)
    return created, len(road) - len(taken)


def index(names: list[str]) -> None:
    """Index what was there already: the run before may have ended between commit and index."""
    query = sa.select(model.Package.id).where(model.Package.name.in_(names))
    search.rebuild(package_ids=list(model.Session.scalars(query)))
    search.commit()
    model.Session.rollback()


def _create(dataset: DemoDataset) -> None:
    agency: Any = model.Group.get(dataset.owner)
    mailbox = (agency.extras or {}).get("kotak_surat") if agency else None
    resources = [
        {
            "name": file.name,
            "description": file.description,
            "upload": FileStorage(io.BytesIO(file.content()), filename=file.filename),
        }
        for file in dataset.files
    ]
    values = {
        **dataset.values,
        **dataset.named_day(days.today()),
        "name": dataset.name,
        "owner_org": dataset.owner,
        "maintainer": agency.title if agency else "",
        "maintainer_email": mailbox,
        "resources": resources,
    }
    _explained(
        dataset.name,
        "package_create",
        # The demo stands for an old portal: its addresses are those that links lead to.
        lambda: people.act_with(
            {addresses.STANDS: True}, dataset.producer, "package_create", values
        ),
    )


def _is_ours(package: model.Package, dataset: DemoDataset) -> bool:
    producer = model.User.get(dataset.producer)
    return (
        package.state != model.State.DELETED
        and producer is not None
        and package.creator_user_id == producer.id
    )


def _taken(package_id: str) -> tuple[str, ...]:
    """What was done with the dataset, in its order: steps, new files after the first case, holds.

    A hold is no step of a case; the demo places one as the last thing it does.
    """
    query = (
        sa.select(TakenStep.action, TakenStep.from_state, TakenStep.case_id)
        .where(TakenStep.package_id == package_id)
        .order_by(TakenStep.id)
    )
    rows = model.Session.execute(query).all()
    done = [
        row.action
        for row in rows
        if row.from_state is not None or (row.action == NEW_FILE and row.case_id != rows[0].case_id)
    ]
    held = sa.select(sa.func.count()).select_from(Hold).where(Hold.package_id == package_id)
    return (*done, *[HOLD] * int(model.Session.scalar(held) or 0))


def _take(dataset: DemoDataset, step: Step) -> None:
    if step.transition == NEW_FILE:
        _explained(dataset.name, "resource_patch", _replace_file, dataset, step)
        return
    action = "satudata_classification_transition"
    fields = {**step.fields, "transition": step.transition}
    if step.transition == HOLD:
        action, fields = "satudata_hold_create", dict(step.fields)
    result = _explained(
        dataset.name,
        step.transition,
        lambda: people.act(step.by, action, id=dataset.name, **fields),
    )
    if "receipt" not in result:
        message = tk._("the scan of its files is still running; run this again when it has ended")
        raise DemoError(_where(dataset.name, step.transition, message))


def _replace_file(dataset: DemoDataset, step: Step) -> None:
    """Upload the new file in place of the dataset's first one; it waits beside it."""
    file = dataset.new_file
    shown = people.act(step.by, "package_show", id=dataset.name)
    if file is None:
        raise LookupError("there is no new file")
    people.act(
        step.by,
        "resource_patch",
        id=shown["resources"][0]["id"],
        upload=FileStorage(io.BytesIO(file.content()), filename=file.filename),
    )


def _explained(what: str, step: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call ``function``; a refusal says where the demo stopped."""
    try:
        return function(*arguments)
    except tk.ValidationError as refusal:
        reasons = "; ".join(f"{k}: {v}" for k, v in refusal.error_summary.items())
        raise DemoError(_where(what, step, reasons)) from refusal
    except REFUSALS as refusal:
        raise DemoError(_where(what, step, str(refusal))) from refusal


def _where(what: str, step: str, reason: str) -> str:
    message = tk._("The demo stopped at '%(what)s', step '%(step)s': %(reason)s")
    return message % {"what": what, "step": step, "reason": reason}

"""Make the demo: agencies, people, datasets. What is there already is left as it is.

Nothing goes around the workflow: datasets are created, submitted, tested and approved by the
people who have the duty, through the same actions as on the pages.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from ckanext.satudata_pontianak.classification.versions import versions
from ckanext.satudata_pontianak.ledger import reading
from ckanext.satudata_pontianak.ledger.service import append, entry_table

from ... import clock, days
from . import activities, agreed, apps, catalogue, core_times, keys, people, stories
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

    What the demo says of the past is done in its order, by a clock that is set to each moment; the
    ledger says so before and after. Once it is there, what is missing is made at the present.

    :raises DemoError: with the place where it stopped; what was made until then stays, and the
        next run goes on from there.
    """
    folder = folder or keys.folder()
    with core_times.following(), versions.one_child():
        return _run(report, folder)


def _run(report: Report, folder: Path) -> Outcome:
    report(tk._("Accounts"))
    people.refuse_others()
    past = Past(_is_made())
    with past.at(people.FOUNDED):
        accounts = make_people(folder)
        report(tk._("Agencies"))
        people.ensure_decrees()
        agencies = make_agencies()
        for person in people.everybody():
            _explained(person.name, "organization_member_create", people.ensure_membership, person)
    created, steps, finished = make_datasets(report, past)
    make_tokens(folder)
    stand_in = people.STAND_IN
    delegations = int(
        _explained(stand_in, "satudata_delegation_create", people.ensure_delegation, days.today())
    )
    _explained(people.STAND_IN_BY, "satudata_smki_role_create", people.ensure_roles)
    report(tk._("The city's apps"))
    fresh = []
    for item in apps.apps():
        new, taken = apps.make(item, _explained)
        created, steps = created + new, steps + taken
        fresh += [item] if new else []
    for item in fresh:
        apps.link(item, _explained)
    agreed.bring(_explained)
    activities.describe(_explained)
    index(finished)
    return Outcome(agencies, accounts, created, steps, delegations)


BEGUN, ENDED = reading.DEMO


def _is_made() -> bool:
    """Tell whether the demo has its past; write down that it begins, where it does."""
    columns = entry_table.c
    query = sa.select(columns.event).where(columns.event.in_(reading.DEMO))
    last = model.Session.scalar(query.order_by(columns.id.desc()).limit(1))
    if last is None or model.User.get(people.SYSADMIN) is None:
        append(model.Session, event=BEGUN, actor_id=None)
        model.Session.commit()
        last = BEGUN
    model.Session.rollback()
    return last == ENDED


class Past:
    """The clock of what happened: set to each moment, and never back."""

    def __init__(self, made: bool) -> None:
        """Begin; once the demo is ``made``, everything happens now."""
        self.made = made
        self._last = people.FOUNDED

    @contextmanager
    def at(self, moment: dt.datetime | None) -> Iterator[None]:
        """Let it be that moment; what has none, or is still to come, happens now."""
        if self.made or moment is None or moment >= clock.now():
            yield
            return
        with clock.set_to(max(moment, self._last)):
            yield
            self._last = clock.now()


@dataclass(frozen=True)
class Act:
    """Something that is missing of a dataset: its creation, or a step."""

    dataset: DemoDataset
    step: Step | None
    at: dt.datetime | None


def make_datasets(report: Report, past: Past) -> tuple[int, int, list[str]]:
    """Make what is missing of the datasets, in the order in which it happened.

    :param past: the clock of what has a moment.
    :returns: how many were created, how many steps were taken, and the names of those that lacked
        nothing.
    """
    everything, today = catalogue.datasets(), days.today()
    told: set[str] = set()

    def tell(dataset: DemoDataset) -> None:
        if dataset.name not in told:
            told.add(dataset.name)
            report(f"[{len(told)}/{len(everything)}] {dataset.values['title']}")

    acts: list[Act] = []
    finished = []
    for dataset in everything:
        missing = list(_missing(dataset, report))
        acts += missing
        if not missing:
            finished.append(dataset.name)
            tell(dataset)
    for before in (True, False):
        # Those of the past in their order, and then the rest as the catalogue has them.
        chosen = [act for act in acts if (act.at is not None) is before]
        if before:
            chosen.sort(key=lambda act: act.at or people.FOUNDED)
        for act in chosen:
            tell(act.dataset)
            with past.at(act.at):
                _do(act, today)
        if before:
            _make_stories(past)
    return (
        sum(act.step is None for act in acts),
        sum(act.step is not None for act in acts),
        finished,
    )


def _make_stories(past: Past) -> None:
    """Let people ask and answer, and write down that the past is made."""
    if past.made:
        return
    for moment, part in stories.parts():
        with past.at(moment):
            _explained("stories", part.__qualname__, part)
    append(model.Session, event=ENDED, actor_id=None)
    model.Session.commit()


def _missing(dataset: DemoDataset, report: Report) -> Iterator[Act]:
    """Give what is missing of a dataset.

    Only a case in which nothing but steps of this demo were taken is taken further. Where
    somebody has worked with it, it is theirs now.
    """
    package = model.Package.get(dataset.name)
    road, taken = dataset.steps(days.today()), ()
    if package is None:
        yield Act(dataset, None, dataset.begun)
    elif not _is_ours(package, dataset):
        report(tk._("    exists and does not belong to the demo: left as it is"))
        return
    else:
        taken = _taken(package.id)
    model.Session.rollback()
    if taken != tuple(s.transition for s in road[: len(taken)]):
        return
    for step in road[len(taken) :]:
        yield Act(dataset, step, step.at)


def _do(act: Act, today: dt.date) -> None:
    if act.step is not None:
        _take(act.dataset, act.step)
        return
    _create(act.dataset, today)
    if model.Package.get(act.dataset.name) is None:
        raise DemoError(_where(act.dataset.name, "package_create", tk._("nothing was created")))
    model.Session.rollback()


def make_people(folder: Path) -> int:
    """Make the missing accounts; passwords are written down before they are used."""
    path = folder / keys.PASSWORDS
    known = keys.read(path)
    passwords = {
        p.name: known.get(p.name) or people.new_password() for p in people.PEOPLE if p.logs_in
    }
    keys.write(path, passwords)
    by, made = people.site_user(), 0
    for person in people.everybody():
        password = passwords.get(person.name) or people.new_password()
        made += _explained(person.name, "user_create", people.ensure_account, person, password, by)
    return made


def make_agencies() -> int:
    """Make the missing agencies, as the system administrator of the demo."""
    admin = model.User.get(people.SYSADMIN)
    context: Any = {"user": people.SYSADMIN, "auth_user_obj": admin, "ignore_auth": False}
    try:
        return len(_explained(people.SYSADMIN, "organization_create", _seed, context))
    finally:
        model.Session.rollback()


def _seed(context: Any) -> list[str]:
    return fixtures.seed(context, people.agencies())


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


def index(names: list[str]) -> None:
    """Index what was there already: the run before may have ended between commit and index."""
    query = sa.select(model.Package.id).where(model.Package.name.in_(names))
    search.rebuild(package_ids=list(model.Session.scalars(query)))
    search.commit()
    model.Session.rollback()


def _create(dataset: DemoDataset, today: dt.date) -> None:
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
        **dataset.named_day(today),
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
    file = step.file
    shown = people.act(step.by, "package_show", id=dataset.name)
    if file is None:
        raise LookupError("there is no new file")
    people.act(
        step.by,
        "resource_patch",
        id=shown["resources"][0]["id"],
        name=file.name,
        upload=FileStorage(io.BytesIO(file.content()), filename=file.filename),
    )
    if file.years:
        people.act(step.by, "package_patch", id=dataset.name, tahun=file.years)


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

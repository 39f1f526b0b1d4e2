"""``ckan satudata duty`` and ``decree``: what whoever runs the server begins a portal with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from ..messages import Message
from . import capacities, decrees, gate, registry, words
from .model import DecreeRow
from .rules import decree as rules
from .rules.duties import DECIDING, Actor, Agency, Duty
from .rules.memberships import Change, MemberChange

DAY = click.DateTime(formats=["%Y-%m-%d"])
SCAN = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("duty", short_help="Make the first holder of a duty that nobody holds.")
@click.argument("duty", type=click.Choice(sorted(d.value for d in DECIDING)))
@click.argument("user")
@click.option("--nomor-sk", "number", required=True, help="Number of the decree.")
@click.option("--day", type=DAY, help="Day of the decree, where it is not recorded yet.")
@click.option("--scan", type=SCAN, help="Its scan, a PDF; it can follow on the portal.")
@click.option("--organization", help="Name of the body, where several hold the duty.")
@click.pass_context
def duty(
    ctx: click.Context,
    duty: str,
    user: str,
    number: str,
    day: dt.datetime | None,
    scan: Path | None,
    organization: str | None,
) -> None:
    """Make USER an admin of the body that holds DUTY, while nobody holds it; on record.

    With --day the decree is recorded as well.

    From then on memberships of that body are made on the portal: by a system administrator who
    did not make the account, or under emergency access.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            paper = Paper(number, day.date() if day else None, f"{duty}: {user}", scan)
            body = make_first(Duty(duty), user, paper, organization)
        except tk.ValidationError as refused:
            model.Session.rollback()
            raise click.ClickException("; ".join(refused.error_summary.values())) from None
        click.echo(f"{user} is an admin of {body.name} and holds: {duty}. It was recorded.")


@click.command("decree", short_help="Record a decree: its number, its day and its scan.")
@click.argument("number")
@click.option("--day", type=DAY, required=True, help="Day of the decree.")
@click.option("--about", required=True, help="What it decides.")
@click.option("--scan", type=SCAN, help="Its scan, a PDF; it can follow on the portal.")
@click.pass_context
def decree(
    ctx: click.Context, number: str, day: dt.datetime, about: str, scan: Path | None
) -> None:
    """Record the decree NUMBER for the whole city, as its page does; with --scan also its scan.

    For what is needed before anybody can log in, and for numbers that ``check`` names.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            gate.lock()
            recorded = record(Paper(number, day.date(), about, scan))
            model.repo.commit()
        except tk.ValidationError as refused:
            model.Session.rollback()
            raise click.ClickException("; ".join(refused.error_summary.values())) from None
        click.echo(tk._("Recorded: %(number)s") % {"number": recorded.nomor_sk})


@dataclass(frozen=True)
class Paper:
    """A decree as a command names it."""

    number: str
    day: dt.date | None
    about: str
    scan: Path | None = None


def record(paper: Paper) -> DecreeRow:
    """Return the record of a decree of the whole city, made where there is none; no commit.

    :raises ckan.plugins.toolkit.ValidationError: what is named is no decree, or its scan no PDF.
    """
    offered = rules.Offered(rules.normal(paper.number), paper.day, paper.about.strip(), None)
    server = Actor(None, None, sysadmin=True)
    wrong = rules.objections(server, offered, days.today())
    content = paper.scan.read_bytes() if paper.scan else None
    wrong += rules.scan_objections(content) if paper.scan else []
    if wrong:
        raise words.refused(wrong)
    known = decrees.of_number(offered.number, None)
    if known is None:
        return decrees.record(offered, content)
    if known.day != offered.day:
        raise words.refused(
            [rules.Objection("nomor_sk", Message(rules.RECORDED, {"day": known.day}))]
        )
    if content is not None and known.sha256 is None:
        decrees.keep_scan(known, content)
    return known


def make_first(duty: Duty, name: str, paper: Paper, organization: str | None = None) -> Agency:
    """Make somebody the first holder of a duty, and commit it.

    :raises ckan.plugins.toolkit.ValidationError: somebody holds it, no one body does, or the person
        or the number is none.
    """
    gate.lock()
    bodies = registry.bodies_of(duty)
    if organization:
        bodies = [b for b in bodies if organization in (b.name, b.id)]
    person = model.User.get(name)
    if len(bodies) != 1:
        raise _wrong("organization", tk._("Name the one agency that holds this duty."))
    if registry.holders_of(duty):
        raise _wrong("duty", tk._("Somebody holds this duty already: change it on the portal."))
    if person is None or person.state != "active":
        raise _wrong("user", tk._("There is no active account of this name."))
    if person.sysadmin:
        raise _wrong("user", tk._("A system administrator runs the site and holds no duty."))
    number = gate.clean(paper.number)
    if number is None:
        raise _wrong("nomor_sk", tk._("Give the number of the decree."))
    body = bodies[0]
    if paper.day is not None:
        record(paper)
    elif decrees.find(number, body.id) is None:
        raise _wrong("day", tk._("This decree is not recorded yet: give its day, with --day."))
    now = capacities.members_of(body.id).get(person.id)
    with gate.together():
        gate.record({}, Change(body, body, (MemberChange(person.id, now, "admin"),)), number)
        capacities.set_capacity(body.id, person.id, "admin")
        model.repo.commit()
    return body


def _wrong(key: str, text: str) -> tk.ValidationError:
    return tk.ValidationError({key: [text]})


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [duty, decree]

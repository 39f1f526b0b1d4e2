"""``ckan satudata duty``: the first holder of a duty, made by whoever runs the server."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan import model

from . import gate, registry
from .duties import DECIDING, Agency, Duty
from .rules import DECREE_LENGTH, Change, MemberChange


@click.command("duty", short_help="Make the first holder of a duty that nobody holds.")
@click.argument("duty", type=click.Choice(sorted(d.value for d in DECIDING)))
@click.argument("user")
@click.option("--nomor-sk", "number", required=True, help="Number of the decree.")
@click.option("--organization", help="Name of the body, where several hold the duty.")
@click.pass_context
def duty(ctx: click.Context, duty: str, user: str, number: str, organization: str | None) -> None:
    """Make USER an admin of the body that holds DUTY, while nobody holds it; on record.

    From then on memberships of that body are made on the portal: by a system administrator who
    did not make the account, or under emergency access.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            body = make_first(Duty(duty), user, number, organization)
        except tk.ValidationError as refused:
            model.Session.rollback()
            raise click.ClickException("; ".join(refused.error_summary.values())) from None
        click.echo(f"{user} is an admin of {body.name} and holds: {duty}. It was recorded.")


def make_first(duty: Duty, name: str, number: str, organization: str | None = None) -> Agency:
    """Make somebody the first holder of a duty, and commit it.

    :raises ckan.plugins.toolkit.ValidationError: somebody holds it, no one body does, or the person
        or the number is none.
    """
    gate.lock()
    bodies = registry.bodies_of(duty)
    if organization:
        bodies = [b for b in bodies if organization in (b.name, b.id)]
    person = model.User.get(name)
    decree = gate.clean(number)
    if len(bodies) != 1:
        raise _wrong("organization", tk._("Name the one agency that holds this duty."))
    if registry.holders_of(duty):
        raise _wrong("duty", tk._("Somebody holds this duty already: change it on the portal."))
    if person is None or person.state != "active":
        raise _wrong("user", tk._("There is no active account of this name."))
    if person.sysadmin:
        raise _wrong("user", tk._("A system administrator runs the site and holds no duty."))
    if decree is None or len(decree) > DECREE_LENGTH:
        raise _wrong("nomor_sk", tk._("Give the number of the decree."))
    body = bodies[0]
    now = gate.members_of(body.id).get(person.id)
    with gate.together():
        gate.record({}, Change(body, body, (MemberChange(person.id, now, "admin"),)), decree)
        _set_admin(body, person)
        model.repo.commit()
    return body


def _set_admin(body: Agency, person: model.User) -> None:
    rows = model.Session.query(model.Member).filter_by(
        table_name="user", table_id=person.id, group_id=body.id, state="active"
    )
    member = rows.first()
    if member is None:
        group = model.Group.get(body.id)
        member = model.Member(group=group, table_name="user", table_id=person.id)
        member.group_id = body.id
        model.Session.add(member)
    member.capacity = "admin"


def _wrong(key: str, text: str) -> tk.ValidationError:
    return tk.ValidationError({key: [text]})


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [duty]

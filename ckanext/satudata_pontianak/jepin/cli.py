"""``ckan satudata pulse`` looks at the city's apps, ``ckan satudata layanan`` brings lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from . import jobs
from .pulse import mailbox, rounds


@click.command("pulse")
@click.option("--now", "here", is_flag=True, help="Look at them here, and wait for it.")
def pulse(here: bool) -> None:
    """Have the worker look at every app of the city whose time has come.

    Run it every five minutes, for example by a systemd timer. Running it again changes nothing: one
    round runs at a time, and asks each app once in five minutes.
    """
    if not here:
        asked = jobs.ask_for_round()
        click.echo("A round is asked for." if asked else "A round waits or runs already.")
        return
    ran = rounds.run()
    mailbox.send()
    if ran.busy:
        click.echo("Another round runs.")
        return
    click.echo(f"{ran.looked} apps looked at, {ran.failed} fail.")
    if ran.ours:
        click.echo(f"{ran.ours} cannot be reached: our own line is at fault.", err=True)


@click.command("layanan", short_help="Look at a list of apps, or take it over.")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", "name", required=True, help="As whom: it must bring data for the agency.")
@click.option("--agency", default="", help="Name of the agency of rows that name none.")
@click.option("--apply", is_flag=True, help="Take it over; without this nothing is written.")
@click.option("--without-refused", "spares", is_flag=True, help="Leave refused rows out.")
@click.option("--accept", multiple=True, help="Name of an entry to be as the menu has it.")
@click.pass_context
def layanan(
    ctx: click.Context,
    path: Path,
    name: str,
    agency: str,
    accept: tuple[str, ...],
    *,
    apply: bool,
    spares: bool,
) -> None:
    """Say of every row of a list of apps what it would become; take it over with --apply.

    A list lands whole or not at all. Ends with 1 where a row is wrong. A second time nothing
    changes.
    """
    user = model.User.get(name)
    if user is None:
        raise click.ClickException(f"There is no account '{name}'.")
    with ctx.meta["flask_app"].test_request_context(), path.open("rb") as file:
        upload = FileStorage(file, filename=path.name)
        try:
            found = tk.get_action("satudata_jepin_import")(
                {"user": user.name, "auth_user_obj": user},
                {
                    "upload": upload,
                    "agency": agency,
                    "apply": apply,
                    "accept": list(accept),
                    "without_refused": spares,
                },
            )
        except (tk.ValidationError, tk.NotAuthorized) as problem:
            raise click.ClickException(str(problem)) from problem
    for row in found["rows"]:
        click.echo(f"{row['number']}\t{row['outcome']}\t{row['title']}")
        for each in row["errors"]:
            click.echo(f"\t{each['field']}: {' '.join(each['texts'])}")
        for each in row["changes"]:
            click.echo(f"\t{each['field']}: {each['before']!r} -> {each['after']!r}")
    click.echo(str(found["counts"]))
    ctx.exit(1 if found["counts"]["wrong"] else 0)


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [pulse, layanan]

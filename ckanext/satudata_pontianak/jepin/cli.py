"""``ckan satudata pulse``: looks at the city's apps."""

from __future__ import annotations

from typing import Any

import click

from . import jobs
from .pulse import rounds


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
    if ran.busy:
        click.echo("Another round runs.")
        return
    click.echo(f"{ran.looked} apps looked at, {ran.failed} fail.")
    if ran.ours:
        click.echo(f"{ran.ours} cannot be reached: our own line is at fault.", err=True)


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [pulse]

"""Commands on the server for accounts."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan import model

from . import actions


@click.command("second-factor-reset", short_help="Take somebody's second factor away.")
@click.argument("name")
@click.pass_context
def second_factor_reset(ctx: click.Context, name: str) -> None:
    """Take the second factor of NAME away: recorded, and told to the person.

    For the day on which the only system administrator lost theirs.
    """
    with ctx.meta["flask_app"].test_request_context():
        user = model.User.get(name)
        if user is None:
            tk.error_shout(tk._("User not found"))
            raise click.Abort
        if not actions.take_factor_away(user, None, by="command"):
            tk.error_shout(tk._("This account has no second factor."))
            raise click.Abort
        click.secho(tk._("The second factor was reset; the person is told."), fg="green")


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [second_factor_reset]

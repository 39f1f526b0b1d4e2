"""Commands on the server for accounts."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan import model, types

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


@click.command("password", short_help="Set somebody's password, under the rules of the portal.")
@click.argument("name")
@click.password_option(help="The new password; asked for where it is not given.")
@click.pass_context
def password(ctx: click.Context, name: str, password: str) -> None:
    """Set the password of NAME: by the rules for passwords, recorded, and all sessions end.

    In the place of ``ckan user setpass``, which asks nothing of a password.
    """
    with ctx.meta["flask_app"].test_request_context():
        user = model.User.get(name)
        if user is None:
            raise click.ClickException(tk._("User not found"))
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context: types.Context = {"user": site, "ignore_auth": True}
        try:
            tk.get_action("user_patch")(context, {"id": user.id, "password": password})
        except tk.ValidationError as refused:
            raise click.ClickException("; ".join(refused.error_summary.values())) from None
        click.echo(tk._("The password is set, and all sessions of the account have ended."))


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [second_factor_reset, password]

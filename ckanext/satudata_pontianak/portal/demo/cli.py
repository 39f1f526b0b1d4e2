"""``ckan satudata demo``."""

from __future__ import annotations

import click

import ckan.plugins.toolkit as tk
from ckan import model

from ...ledger import cli as ledger_cli
from ...ledger import proving
from . import keys, people, seed
from .people import DemoError


@click.command("demo", short_help="Fill the site with agencies, people and datasets to try.")
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Fill the site with agencies, people and datasets to try.

    Running it again changes nothing; after an interruption it goes on where it stopped. Passwords
    and API tokens are written to demo-passwords.json and demo-tokens.json in the folder that
    SATUDATA_RUN_DIR names, or else in .run.
    """
    folder = keys.folder()
    with ctx.meta["flask_app"].test_request_context():
        try:
            outcome = seed.run(click.echo, folder)
            who = {p.name: p.fullname for p in people.PEOPLE if p.logs_in}
            keys.write(folder / keys.PEOPLE, who)
        except DemoError as error:
            raise click.ClickException(str(error)) from error
        if outcome.nothing:
            click.echo(tk._("Nothing was missing; nothing was changed."))
        else:
            text = tk._(
                "Made: %(agencies)s agencies, %(accounts)s accounts, %(datasets)s datasets; taken: "
                "%(steps)s steps."
            )
            click.echo(text % vars(outcome))
        if proving.last_head(model.Session) is None:
            ledger_cli.sign()
        click.echo(tk._("Passwords and tokens: %(folder)s") % {"folder": folder})


def get_commands() -> list[click.Command]:
    """Return the commands of the demo."""
    return [demo]

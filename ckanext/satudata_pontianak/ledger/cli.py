"""``ckan satudata ledger``: verify, export, sign a head, forget."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from . import heads, proving, reading, service, signing, words
from .heads import HeadError, SignedHead
from .verify import Result


@click.group("ledger")
def ledger() -> None:
    """Verify the ledger, export it, sign a head over it, forget a person in it."""


def _progress(done: int) -> None:
    click.echo(tk._("{count} entries read").format(count=words.number(done)), err=True)


def _say(result: Result) -> None:
    for sentence in words.sentences(result):
        click.echo(sentence.text(tk._))


@ledger.command("verify")
@click.option(
    "--head",
    "others",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that was kept elsewhere, as JSON; may be given several times.",
)
@click.pass_context
def verify(ctx: click.Context, others: tuple[Path, ...]) -> None:
    """Verify all entries, their chain, the tree, every signed head and the values beside.

    Ends with 1 when something is wrong.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            kept = [heads.read_text(path.read_bytes()) for path in others]
            result = proving.verify(model.Session, signing.keys(), kept, progress=_progress)
        except HeadError as error:
            raise click.ClickException(str(error)) from None
        _say(result)
    sys.exit(0 if result.ok else 1)


@ledger.command("head")
@click.pass_context
def head(ctx: click.Context) -> None:
    """Verify what came since the last head, sign a new head and print it as JSON."""
    with ctx.meta["flask_app"].test_request_context():
        signed = sign()
        if signed is None:
            raise click.ClickException(tk._("The ledger has no entry yet."))
        click.echo(signed.line().removeprefix("head\t"), nl=False)


def sign() -> SignedHead | None:
    """Sign a head over all entries and commit it; say what is wrong where it cannot be signed.

    :raises click.ClickException: the ledger is not intact, or there is no key.
    """
    try:
        signed = proving.make_head(
            model.Session, signing.signer(), config.site_url(), progress=_progress
        )
        model.Session.commit()
    except HeadError as error:
        model.Session.rollback()
        raise click.ClickException(str(error)) from None
    except proving.Broken as error:
        model.Session.rollback()
        _say(error.result)
        text = tk._("No head is signed over a ledger that is not intact.")
        raise click.ClickException(text) from None
    return signed


@ledger.command("export")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(ctx: click.Context, path: Path) -> None:
    """Sign a head and write all entries up to it, one a line, the head as the last line.

    What stands beside entries, such as names, is not exported. An existing file is not replaced.
    """
    with ctx.meta["flask_app"].test_request_context():
        signed = sign()
        if signed is None:
            raise click.ClickException(tk._("The ledger has no entry yet."))
        part = path.with_name(path.name + ".part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as target:
                result = proving.export(model.Session, signed, target.write, _progress)
            if result.ok:
                os.link(part, path)
        except OSError as error:
            raise click.ClickException(str(error)) from None
        finally:
            part.unlink(missing_ok=True)
        _say(result)
        if not result.ok:
            raise click.ClickException(tk._("No export of a ledger that is not intact."))
        click.echo(tk._("Fingerprint of the key: {text}").format(text=signed.fingerprint()))


@ledger.command("forget")
@click.option("--user", help="Id or name of the person whose names, addresses and texts go.")
@click.option("--entry", type=int, help="Number of one entry.")
@click.confirmation_option(prompt="This cannot be undone. Erase the values?")
def forget(user: str | None, entry: int | None) -> None:
    """Erase what stands beside entries: names, addresses and texts of a person or of one entry.

    The entries stay, with digests that nobody can read any more, and the chain still verifies.
    """
    if (user is None) == (entry is None):
        raise click.UsageError("Give --user or --entry.")
    person = None
    if user is not None:
        found = model.User.get(user)
        # Somebody whose account is gone already is named by the id.
        person = found.id if found else user
    count = reading.forget(model.Session, person, entry)
    service.append(
        model.Session,
        event="ledger.forget",
        actor_id=None,
        detail={"person": person, "entry": entry, "count": count},
    )
    model.Session.commit()
    click.echo(f"{count} values erased. The chain stays as it is.")


def get_commands() -> list[click.Command]:
    """Return the commands of this room."""
    return [ledger]

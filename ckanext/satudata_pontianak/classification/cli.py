"""``ckan satudata init`` and ``ckan satudata adopt``."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

import click
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.db import upgrade

from .. import config, days
from ..agencies import emergency, gate
from ..ledger import attempts, proving, refusals, signing
from ..ledger import install as ledger_install
from ..ledger.cli import sign
from ..ledger.heads import HeadError, SignedHead
from .adoption.command import adopt
from .clock import clock_runs
from .clock import tables as table_care
from .notices import mails, outbox
from .records import definitions_in_force, stale_index, ungoverned_index
from .rescan.command import rescan
from .rules import deadlines
from .versions import tables
from .versions.table_state import State
from .writes import left_over, moved_keys


@click.command("init")
@click.option(
    "--admin-url",
    envvar="SATUDATA_ADMIN_URL",
    help="Connection of a PostgreSQL superuser to the site's database.",
)
@click.pass_context
def init(ctx: click.Context, admin_url: str | None) -> None:
    """Make our tables and the ledger's schema. Safe to run again."""
    from .rescan import rescan as rescanning

    click.echo("Tables of satudata_pontianak ...")
    ctx.invoke(upgrade, version="head", plugin="satudata_pontianak")
    role = sa.make_url(tk.config["sqlalchemy.url"]).username or ""
    if admin_url:
        click.echo("Schema of the ledger ...")
        adopted = ledger_install.install(admin_url, role)
        if adopted:
            click.echo(f"{adopted} entries of an older version were taken into the chain.")
    session = model.Session
    if not ledger_install.installed(session) or not ledger_install.protected(session):
        raise click.ClickException(
            "The ledger is missing or not protected. Run this once with the connection of a "
            "PostgreSQL superuser: ckan satudata init --admin-url postgresql://..."
        )
    session.rollback()
    try:
        made = signing.make_missing()
    except HeadError as error:
        raise click.ClickException(str(error)) from None
    if made is not None:
        click.echo(f"Key of the ledger: {made}. Keep a copy where the database is not.")
    if definitions_in_force.record():
        click.echo("The definitions in force are recorded in the ledger.")
    rescanning.begin()
    closed = left_over.close()
    for what, ids in asdict(closed).items():
        for one in ids:
            click.echo(f"Closed, of a kind that does not exist here ({what}): {one}")
    for one in moved_keys.move_all():
        click.echo(f"Fields that are not declared were moved out of reach: {one}")
    click.echo(f"Ready: the ledger takes entries from role '{role}'.")


@click.command("clock")
def clock() -> None:
    """Do what a day has brought: reviews before decisions end, holds and requests that wait long.

    It tells people of deadlines, and sends everybody one mail of what is new.

    Run it once an hour, for example by a systemd timer. Running it again changes nothing.
    """
    from .clock import cases as daily
    from .clock import deadlines_told, requests, retention, rounds
    from .rescan import rescan as rescanning

    rescanning.begin()
    gate.lock()
    ended = emergency.end(emergency.over())
    model.Session.commit()
    if ended:
        click.echo(f"{ended} memberships and duties ended with the emergency access they came by.")
    opened = daily.run()
    for item in opened:
        click.echo(f"{item.dataset_id}: {item.reason}")
    click.echo(f"{len(opened)} cases opened or given a further reason.")
    dropped = table_care.tidy()
    if dropped:
        click.echo(f"{len(dropped)} tables dropped that are served to nobody any more.")
    purged = retention.purge_undecided()
    click.echo(f"{purged} undecided versions purged.")
    marked = requests.run()
    for mark in marked:
        click.echo(f"{mark.request}: {mark.what}")
    click.echo(f"{len(marked)} requests for access marked.")
    click.echo(f"{deadlines_told.run()} people told of a deadline.")
    definitions_in_force.record()
    click.echo(f"{stale_index.catch_up()} datasets indexed that waited for it.")
    click.echo(f"{ungoverned_index.refresh_stale()} datasets wait to be indexed by today's rules.")
    click.echo(f"{attempts.gather()} attempts at what is hidden from who tried recorded.")
    click.echo(f"{refusals.gather()} refusals that were counted are recorded.")
    unsigned = None
    try:
        head = signed_today()
        if head is not None:
            click.echo(f"Head of the ledger over {head.head.size} entries: {head.head.root}")
    except click.ClickException as error:
        unsigned = error  # whoever has to know of it is told below
    failed = 0
    for line in rounds.run():
        click.echo(line.text)
        failed += line.failed
    left, kept = outbox.run()
    _say_mails(mails.run(), left, kept)
    if unsigned is not None:
        raise unsigned
    if failed:
        raise click.ClickException(f"{failed} parts of this run failed; they are named above.")
    clock_runs.ran()


def signed_today() -> SignedHead | None:
    """Sign the day's head over the ledger, once a day (in Pontianak); return it if it was."""
    last = proving.last_head(model.Session)
    if last is not None:
        day = dt.datetime.fromisoformat(last.head.at).astimezone(deadlines.CITY).date()
        if day >= days.today():
            model.Session.rollback()
            return None
    return sign()


def _say_mails(done: mails.Sent, left: int, kept: int) -> None:
    """Say what became of the mails; names nobody."""
    if done.no_mailer:
        click.echo("No mail was sent: set smtp.server. Notices wait, and stand on the portal.")
        return
    click.echo(f"{done.sent + left} mails sent.")
    if done.failed + kept:
        click.echo(
            f"{done.failed + kept} mails were not taken; the next run tries again.", err=True
        )
    if done.cut_off:
        text = f"{done.cut_off} mails were cut off some time ago and are not sent again."
        click.echo(text, err=True)


@click.command("links")
def check_links() -> None:
    """Look whether what is behind the served links changed; a changed file opens a case.

    Run it by a timer, for example every night.
    """
    from .clock import links

    counts: dict[str, int] = {}
    for number, item in enumerate(links.check(), start=1):
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
        if item.outcome != "same":
            click.echo(f"{item.dataset_id}: {item.outcome}")
        if number % 100 == 0:
            click.echo(f"{number} links")
    click.echo(", ".join(f"{k}: {v}" for k, v in sorted(counts.items())) or "No links are served.")


@click.command("datastore")
@click.option("--rebuild", is_flag=True, help="Make the tables that are missing or failed.")
def datastore(*, rebuild: bool) -> None:
    """Say which versions have no table in the DataStore; make them, with progress.

    A table that is there is never made again: it belongs to bytes that do not change. What was not
    read in it yet is read: the regions that its cells name, and the figures to look at.
    """
    if not config.datastore_enabled():
        raise click.ClickException("Add datastore and satudata_datastore to ckan.plugins first.")
    wanted = list(table_care.missing())
    click.echo(f"{len(table_care.existing())} tables, {len(wanted)} missing or failed.")
    if not rebuild:
        return
    failed = 0
    for number, version_id in enumerate(wanted, 1):
        known = tables.load(version_id, again=True)
        failed += known is not None and known.state is State.FAILED
        what = "gone meanwhile" if known is None else f"{known.state}, {known.rows} rows"
        why = f" ({known.reason})" if known is not None and known.reason else ""
        click.echo(f"[{number}/{len(wanted)}] {version_id}: {what}{why}")
    click.echo(f"{len(table_care.tidy())} tables dropped that are served to nobody any more.")
    if failed:
        raise click.ClickException(f"{failed} files could not be read as tables; see above.")


@click.command("retype")
@click.argument("dataset_id")
@click.argument("kind", default="dataset")
def retype(dataset_id: str, kind: str) -> None:
    """Give a dataset of a type that does not exist here one that needs a decision.

    It stays closed: adopt it, or let its agency propose it.
    """
    try:
        left_over.retype(dataset_id, kind)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{dataset_id} is of type '{kind}' now, and closed until it is decided.")


def get_commands() -> list[click.Command]:
    """Return the commands of this room."""
    return [init, adopt, clock, rescan, check_links, datastore, retype]

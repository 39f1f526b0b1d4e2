"""``ckan satudata adopt``: take over the datasets of a living portal."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config
from ...agencies import registry
from ...msgids import N_
from . import adoption
from .adoption import Outlook, Report

TEXTS = {
    "nothing": N_("Nothing to do: every dataset has a case."),
    "outlook": N_(
        "Datasets without a case: %(datasets)s. Once their types are governed, this closes until "
        "it is decided:"
    ),
    "public": N_("  public datasets: %(public)s, with %(public_files)s files"),
    "links": N_(
        "  links in them: %(public_links)s. A link is not fetched, and its dataset cannot be "
        "approved as open until the file is uploaded instead, or PPID decides"
    ),
    "private": N_("  private datasets: %(private)s. They stay with their agencies, as drafts"),
    "drafts": N_("  drafts: %(drafts)s. They stay with their agencies, as drafts"),
    "without_agency": N_(
        "  without an agency: %(without_agency)s. Give each one an owner, or nobody can mend it"
    ),
    "missing": N_("  files that are missing on the server: %(missing)s"),
    "governed": N_(
        "The types are governed already, so that these datasets are closed now. To keep them open "
        "until they are decided, set governed_types empty and restart before you go on."
    ),
    "ready": N_("Nothing was changed. To go on: ckan satudata adopt --user NAME"),
    "progress": N_("%(done)s of %(total)s datasets, %(rate)s a second, %(left)s left"),
    "done": N_(
        "Cases opened: %(public)s for public datasets, now with Walidata; %(private)s for private "
        "datasets and %(drafts)s for drafts, with their agencies. New bytes taken up: %(renewed)s."
    ),
    "scans": N_(
        "Files: %(files)s, of which missing: %(missing)s, with findings: %(findings)s, not "
        "readable: %(failed_scans)s. Links: %(links)s."
    ),
    "errors": N_("Not adopted: %(errors)s. Mend the cause and run the command again:"),
    "next": N_(
        "When Walidata has decided what must not close, run this command once more, set "
        "governed_types = dataset and restart the site."
    ),
    "no_user": N_("There is no active user called '%(user)s'."),
    "who": N_("Say who adopts: --user NAME. That person will be the proposer of every case."),
    "walidata": N_(
        "%(user)s holds the duty of Walidata and, as proposer, could not approve any of these "
        "cases. Name somebody else."
    ),
}


class Says:
    """Prints in the site's language, and remembers when the run began."""

    def __init__(self, app: Any, quiet: bool) -> None:
        with app.test_request_context():
            self.texts = {key: tk._(text) for key, text in TEXTS.items()}
        self.quiet = quiet
        self.started = time.monotonic()

    def text(self, key: str, values: dict[str, Any] | None = None) -> str:
        """Return a text with its values."""
        return self.texts[key] % (values or {})

    def line(self, key: str, values: dict[str, Any] | None = None) -> None:
        """Print a text, unless JSON was asked for."""
        if not self.quiet:
            click.echo(self.text(key, values))

    def progress(self, report: Report) -> None:
        """Say on standard error how far the run is and how long it will take."""
        seconds = time.monotonic() - self.started
        rate = report.done / seconds if seconds and report.done else 0
        left = round((report.total - report.done) / rate) if rate else None
        shown = "?" if left is None else f"{left // 3600}:{left % 3600 // 60:02}:{left % 60:02}"
        values = {"done": report.done, "total": report.total, "left": shown}
        click.echo(self.text("progress", {**values, "rate": f"{rate:.1f}"}), err=True)


@click.command("adopt", short_help="Open a case for every dataset that was here before.")
@click.option("--dry-run", is_flag=True, help="Only say what would close, and change nothing.")
@click.option("--user", help="Who adopts: the proposer of every case.")
@click.option(
    "--batch", type=click.IntRange(1, 10_000), default=50, help="Datasets between two reports."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def adopt(ctx: click.Context, dry_run: bool, user: str | None, batch: int, as_json: bool) -> None:
    """Open a case for every dataset that has none; scan its files.

    Nobody sees a change as long as governed_types is empty. Safe to break off and to run again.
    Ends with 1 when a dataset could not be adopted.
    """
    says = Says(ctx.meta["flask_app"], as_json)
    if dry_run:
        _print_outlook(adoption.outlook(), says)
        return
    actor = _actor(user, says)
    report = adoption.run(actor, batch=batch, progress=says.progress)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        _print_report(report, says)
    sys.exit(1 if report.errors else 0)


def _actor(user: str | None, says: Says) -> Any:
    if not user:
        raise click.UsageError(says.text("who"))
    found = model.User.get(user)
    actor = registry.actor_for(found)
    if actor.anonymous or not actor.active:
        raise click.ClickException(says.text("no_user", {"user": user}))
    if any(duty.value == "walidata" for duty in actor.duties):
        raise click.ClickException(says.text("walidata", {"user": user}))
    return actor


def _print_outlook(found: Outlook, says: Says) -> None:
    if says.quiet:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    if not found.datasets:
        says.line("nothing")
        return
    values = {**found.as_dict(), "missing": len(found.missing)}
    for key in ("outlook", "public", "links", "private", "drafts"):
        says.line(key, values)
    if found.without_agency:
        says.line("without_agency", values)
    if found.missing:
        says.line("missing", values)
        for item in found.missing:
            click.echo(f"    {item}")
    if config.governed_types():
        says.line("governed")
    says.line("ready")


def _print_report(report: Report, says: Says) -> None:
    if not report.total:
        says.line("nothing")
        return
    values = {**report.as_dict(), "errors": len(report.errors)}
    says.line("done", values)
    says.line("scans", values)
    if report.errors:
        says.line("errors", values)
        for item in report.errors:
            click.echo(f"    {item['name']}: {item['error']}")
    else:
        says.line("next")

"""``satudata publish``: a list of datasets and their files to the portal, from any computer.

Exit status: 0 every row is on the portal (or, with ``--dry-run``, could be), 1 some rows are
explained, 2 nothing was begun, 3 the portal did not answer in the end, 130 stopped by hand.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from ..messages import Message, Translate
from ..msgids import N_
from . import reading, report, session, state, words
from .bringing import Done, Outcome
from .checking import Checked, check
from .client import Portal
from .fields import Headings
from .reading import Manifest
from .remarks import Remark, at
from .running import Progress, run
from .state import State

_EVERY = 5.0
"""Seconds between two lines of progress where no terminal shows them in place."""

CHECKED = N_("%(rows)s rows: %(right)s without a fault, %(faulty)s with faults.")
OFFLINE = N_("Agencies and licences were not looked up: no portal and token were given.")
LANDED = N_(
    "%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s with faults."
)
LATER = N_(
    "%(postponed)s datasets wait, because the portal did not answer. Run the same command again "
    "later."
)


@click.command()
@click.argument("manifest", metavar="MANIFEST", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; nothing is sent.")
@click.option(
    "--ajukan", "--submit", "submit", is_flag=True, help="Submit each dataset for checking as well."
)
@click.option(
    "--timpa",
    "--overwrite",
    "overwrite",
    is_flag=True,
    help="Also change datasets that another list, or the form, made.",
)
@session.working
@session.options
def publish(
    manifest: Path,
    *,
    dry_run: bool,
    submit: bool,
    overwrite: bool,
    workers: int,
    reports: tuple[Path, ...],
    url: str | None,
    token_file: Path | None,
    lang: str,
) -> None:
    """Bring the datasets of MANIFEST to the portal: an XLSX, CSV or JSONL file, or a folder.

    Run it as often as you like: what landed is not brought twice, and a run that was ended goes on
    where it was. What a row proposes as classification is a proposal; nothing is published.

    \b
    Exit status:
      0    every row is on the portal (with --dry-run: no row has a fault)
      1    some rows have faults, which are explained
      2    nothing was begun: the list cannot be read, or there is no token
      3    the portal did not answer in the end; run it again
      130  stopped by hand; run it again
    """
    translate = words.translation(lang)
    with session.ending(translate):
        session.check_reports(reports)
        listed = reading.read(manifest, Headings(translate))
        portal = (session.portal_if_named if dry_run else session.portal)(url, token_file)
        around = session.surroundings(
            portal, submit=submit, translate=translate, token_file=token_file, reports=reports
        )
        checked = check(listed, around)
        if dry_run or portal is None:
            sys.exit(_dry(listed, checked, reports, translate, offline=portal is None))
        with state.alone(listed.path):
            how = {"workers": workers, "submit": submit, "overwrite": overwrite}
            status = _bring(portal, listed, checked, reports, translate, **how)
        sys.exit(status)


def _dry(
    listed: Manifest,
    checked: Checked,
    reports: Iterable[Path],
    translate: Translate,
    *,
    offline: bool,
) -> int:
    for line in report.lines(checked.remarks, translate):
        click.echo(line)
    faulty = checked.faulty
    rows = len(listed.rows)
    right = sum(row.number not in faulty for row in listed.rows)
    params = {"rows": rows, "right": right, "faulty": rows - right}
    click.echo(Message(CHECKED, params).text(translate))
    if offline:
        click.echo(Message(OFFLINE).text(translate))
    session.write(listed, checked.remarks, reports, translate)
    return 1 if faulty else 0


def _bring(
    portal: Portal,
    listed: Manifest,
    checked: Checked,
    reports: Iterable[Path],
    translate: Translate,
    *,
    workers: int,
    submit: bool,
    overwrite: bool,
) -> int:
    kept = State(state.beside(listed.path), portal.address)
    remarks, counts = list(checked.remarks), Counter[Done]()
    line = _Line(translate)
    try:
        how = {"workers": workers, "submit": submit, "overwrite": overwrite}
        for outcome in run(portal, checked.datasets, kept, tell=line.show, **how):
            counts[outcome.done] += 1
            remarks += _remarks(listed, outcome)
    finally:
        line.end()
    for text in report.lines(remarks, translate):
        click.echo(text)
    faulty = {each.row for each in remarks if each.fault} - {0}
    postponed = counts[Done.POSTPONED]
    params = {done.value: counts[done] for done in (Done.CREATED, Done.CHANGED, Done.UNCHANGED)}
    click.echo(Message(LANDED, {**params, "refused": len(faulty) - postponed}).text(translate))
    if postponed:
        click.echo(Message(LATER, {"postponed": postponed}).text(translate))
    session.write(listed, remarks, reports, translate)
    return 3 if postponed else 1 if faulty else 0


def _remarks(listed: Manifest, outcome: Outcome) -> list[Remark]:
    """Return what the portal said of a row as remarks on its cells."""
    row = next(each for each in listed.rows if each.number == outcome.want.dataset.row)
    return [
        at(listed, row, problem.field, problem.code, problem.what, problem.todo)
        for problem in outcome.problems
    ]


class _Line:
    """The line of progress: in its place on a terminal, else a line now and then."""

    def __init__(self, translate: Translate) -> None:
        self._translate, self._place = translate, sys.stderr.isatty()
        self._said, self._last = 0.0, ""

    def show(self, progress: Progress) -> None:
        """Show how far it is."""
        text = ", ".join(each.text(self._translate) for each in progress.messages())
        if self._place:
            # Blanks over what a longer line left.
            click.echo("\r" + text.ljust(len(self._last)), nl=False, err=True)
            self._last = text
        elif time.monotonic() - self._said >= _EVERY or progress.done == progress.total:
            self._said = time.monotonic()
            click.echo(text, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._last:
            click.echo(err=True)

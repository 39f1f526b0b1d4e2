"""``satudata publish``: a list of datasets and their files to the portal, from any computer.

Exit status: 0 every row is on the portal (or, with ``--dry-run``, could be), 1 some rows are
explained, 2 nothing was begun, 3 the portal did not answer in the end, 130 stopped by hand.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from ..messages import Message, Translate
from ..msgids import N_
from . import book, reading, report, state, token, words
from .bringing import Done, Outcome
from .checking import Checked, Surroundings, check
from .client import Again, NotAllowed, Portal, Refused
from .fields import Headings
from .reading import Manifest, Unreadable
from .remarks import Remark, at
from .running import Progress, run
from .state import State

WORKERS, MOST_WORKERS = 4, 16
_EVERY = 5.0
"""Seconds between two lines of progress where no terminal shows them in place."""

BUSY = N_("Another run works on this list. Wait until it has ended.")
NO_ANSWER = N_("The portal does not answer. Check the address and the network, then run again.")
NO_AGENCY = N_(
    "This token may publish for no agency. Check that it is whole and not expired, and that you "
    "are an editor of your agency."
)
OTHER_REPORT = N_("A report is written as XLSX, CSV or JSONL: end its name so.")
NOT_WRITTEN = N_("The report %(name)s cannot be written. Close it in other programs first.")
CHECKED = N_("%(rows)s rows: %(right)s without a fault, %(faulty)s with faults.")
OFFLINE = N_("Agencies and licences were not looked up: no portal and token were given.")
LANDED = N_(
    "%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s with faults."
)
STOPPED = N_("Stopped. Run the same command again: what landed is not brought twice.")
LATER = N_(
    "%(postponed)s datasets wait, because the portal did not answer. Run the same command again "
    "later."
)
WRITTEN = N_("Report: %(name)s")

REPORTS: dict[str, Callable[[Manifest, Sequence[Remark], Translate], bytes]] = {
    ".xlsx": book.as_xlsx,
    ".csv": lambda _list, remarks, translate: report.as_csv(remarks, translate),
    ".jsonl": lambda _list, remarks, translate: report.as_jsonl(remarks, translate).encode(),
}


@click.command()
@click.argument("manifest", metavar="MANIFEST", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; nothing is sent.")
@click.option("--url", metavar="URL", help=f"The portal (or {token.URL_VARIABLE}).")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"File with your API token, readable by you alone (or {token.VARIABLE}).",
)
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), default=WORKERS, show_default=True)
@click.option(
    "--ajukan", "--submit", "submit", is_flag=True, help="Submit each dataset for checking as well."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the remarks as .xlsx (in the cells), .csv or .jsonl; may be given several times.",
)
@click.option("--lang", type=click.Choice(words.LANGUAGES), default="id", show_default=True)
def publish(
    manifest: Path,
    *,
    dry_run: bool,
    url: str | None,
    token_file: Path | None,
    workers: int,
    submit: bool,
    reports: tuple[Path, ...],
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

    def end(message: Message, status: int) -> None:
        click.echo(message.text(translate), err=True)
        sys.exit(status)

    if any(path.suffix.lower() not in REPORTS for path in reports):
        end(Message(OTHER_REPORT), 2)
    try:
        listed = reading.read(manifest, Headings(translate))
        portal = _portal(url, token_file, needed=not dry_run)
        around = _surroundings(portal, submit=submit, translate=translate)
        checked = check(listed, around)
        if dry_run:
            status = _dry(listed, checked, reports, translate, offline=portal is None)
        else:
            assert portal is not None  # noqa: S101 - `needed` above
            with state.alone(listed.path):
                status = _bring(
                    portal, listed, checked, reports, translate, workers=workers, submit=submit
                )
    except (Unreadable, token.NoToken) as problem:
        end(problem.message, 2)
    except state.Busy:
        end(Message(BUSY), 2)
    except (Again, Refused, NotAllowed):
        end(Message(NO_ANSWER), 3)
    except KeyboardInterrupt:
        end(Message(STOPPED), 130)
    else:
        sys.exit(status)


def _portal(url: str | None, token_file: Path | None, *, needed: bool) -> Portal | None:
    """Return the portal; ``None`` for a check of a list alone, where none is named."""
    named = url or os.environ.get(token.URL_VARIABLE)
    if not needed and not (named and (token_file or os.environ.get(token.VARIABLE))):
        return None
    return Portal(token.address(url, os.environ), token.read(token_file, os.environ))


def _surroundings(portal: Portal | None, *, submit: bool, translate: Translate) -> Surroundings:
    if portal is None:
        return Surroundings(submit=submit, translate=translate)
    agencies = portal.agencies()
    if not agencies:
        raise token.NoToken(Message(NO_AGENCY))
    return Surroundings(agencies, portal.licences(), submit, translate)


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
    _write(listed, checked.remarks, reports, translate)
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
) -> int:
    kept = State(state.beside(listed.path), portal.address)
    remarks, counts = list(checked.remarks), Counter[Done]()
    line = _Line(translate)
    try:
        for outcome in run(
            portal, checked.datasets, kept, workers=workers, submit=submit, tell=line.show
        ):
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
    _write(listed, remarks, reports, translate)
    return 3 if postponed else 1 if faulty else 0


def _remarks(listed: Manifest, outcome: Outcome) -> list[Remark]:
    """Return what the portal said of a row as remarks on its cells."""
    row = next(each for each in listed.rows if each.number == outcome.want.dataset.row)
    return [
        at(listed, row, problem.field, problem.code, problem.what, problem.todo)
        for problem in outcome.problems
    ]


def _write(
    listed: Manifest, remarks: Sequence[Remark], paths: Iterable[Path], translate: Translate
) -> None:
    for path in paths:
        content = REPORTS[path.suffix.lower()](listed, remarks, translate)
        try:
            path.write_bytes(content)
        except OSError:
            click.echo(Message(NOT_WRITTEN, {"name": path.name}).text(translate), err=True)
            continue
        click.echo(Message(WRITTEN, {"name": str(path)}).text(translate))


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

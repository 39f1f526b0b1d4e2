"""What the commands of this room share: who calls which portal, reports, and how a run ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ..messages import Message, Translate
from ..msgids import N_
from . import book, report, state, token, words
from .checking import Surroundings
from .client import Again, NotAllowed, Portal, Refused
from .reading import Manifest, Unreadable
from .remarks import Remark

WORKERS, MOST_WORKERS = 4, 16

BUSY = N_("Another run works on this list. Wait until it has ended.")
NO_ANSWER = N_("The portal does not answer. Check the address and the network, then run again.")
NO_AGENCY = N_(
    "This token may publish for no agency. Check that it is whole and not expired, and that you "
    "are an editor of your agency."
)
OTHER_REPORT = N_("A report is written as XLSX, CSV or JSONL: end its name so.")
NOT_WRITTEN = N_("The report %(name)s cannot be written. Close it in other programs first.")
STOPPED = N_("Stopped. Run the same command again: what landed is not brought twice.")
WRITTEN = N_("Report: %(name)s")

REPORTS: dict[str, Callable[[Manifest, Sequence[Remark], Translate], bytes]] = {
    ".xlsx": book.as_xlsx,
    ".csv": lambda _list, remarks, translate: report.as_csv(remarks, translate),
    ".jsonl": lambda _list, remarks, translate: report.as_jsonl(remarks, translate).encode(),
}


def spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says in which language a command speaks."""
    choice = click.Choice(words.LANGUAGES)
    return click.option("--lang", type=choice, default="id", show_default=True)(command)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which portal, who calls, and in which language."""
    file = click.option(
        "--token-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help=f"File with your API token, readable by you alone (or {token.VARIABLE}).",
    )
    url = click.option("--url", metavar="URL", help=f"The portal (or {token.URL_VARIABLE}).")
    return url(file(spoken(command)))


def working(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that does much: how many at once, and its reports."""
    added = (
        click.option(
            "--workers",
            type=click.IntRange(1, MOST_WORKERS),
            default=WORKERS,
            show_default=True,
            help="How many datasets at the same time.",
        ),
        click.option(
            "--report",
            "reports",
            multiple=True,
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Remarks as .xlsx (in the cells), .csv or .jsonl; may be given several times.",
        ),
    )
    for each in reversed(added):
        command = each(command)
    return command


@contextmanager
def ending(translate: Translate) -> Iterator[None]:
    """End a command with a sentence and a status where it cannot go on."""
    try:
        yield
    except (Unreadable, token.NoToken) as problem:
        _end(problem.message, 2, translate)
    except state.Busy:
        _end(Message(BUSY), 2, translate)
    except (Again, Refused, NotAllowed):
        _end(Message(NO_ANSWER), 3, translate)
    except KeyboardInterrupt:
        _end(Message(STOPPED), 130, translate)


def _end(message: Message, status: int, translate: Translate) -> None:
    click.echo(message.text(translate), err=True)
    sys.exit(status)


def portal(url: str | None, token_file: Path | None) -> Portal:
    """Return the portal.

    :raises NoToken: it, or the token, is not named.
    """
    return Portal(token.address(url, os.environ), token.read(token_file, os.environ))


def portal_if_named(url: str | None, token_file: Path | None) -> Portal | None:
    """Return the portal, ``None`` where no portal or no token is named."""
    named = url or os.environ.get(token.URL_VARIABLE)
    if named and (token_file or os.environ.get(token.VARIABLE)):
        return portal(url, token_file)
    return None


def surroundings(
    portal: Portal | None,
    *,
    submit: bool,
    translate: Translate,
    token_file: Path | None = None,
    reports: Iterable[Path] = (),
) -> Surroundings:
    """Return what a list is checked against; without a portal, the schema alone.

    :param token_file: with the reports, what no list may bring to the portal.
    :raises NoToken: the token may publish nowhere.
    """
    closed = frozenset(path.resolve() for path in (token_file, *reports) if path is not None)
    if portal is None:
        return Surroundings(submit=submit, closed=closed, translate=translate)
    agencies = portal.agencies()
    if not agencies:
        raise token.NoToken(Message(NO_AGENCY))
    secret = portal.token
    return Surroundings(agencies, portal.licences(), submit, closed, secret, translate)


def check_reports(paths: Iterable[Path]) -> None:
    """Look whether reports can be written so, before the work.

    :raises Unreadable: one has another ending.
    """
    if any(path.suffix.lower() not in REPORTS for path in paths):
        raise Unreadable(Message(OTHER_REPORT))


def write(
    listed: Manifest, remarks: Sequence[Remark], paths: Iterable[Path], translate: Translate
) -> None:
    """Write the reports that were asked for."""
    for path in paths:
        try:
            state.write(path, REPORTS[path.suffix.lower()](listed, remarks, translate))
        # Whatever a value does to the library: the other reports are written all the same.
        except (OSError, ValueError):
            click.echo(Message(NOT_WRITTEN, {"name": path.name}).text(translate), err=True)
            continue
        click.echo(Message(WRITTEN, {"name": str(path)}).text(translate))

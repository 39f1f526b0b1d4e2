"""``satudata from-ckan``: a dump of another CKAN becomes a list that ``satudata publish`` brings.

Exit status: 0 all is there, 1 some files or lines could not be taken and are named, 2 nothing was
begun. A second run fetches only what is missing.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from ..messages import Message
from ..msgids import N_
from . import dump, report, session, state, words
from .dump import Converted, Wanted
from .fetching import Fetcher, NotFetched
from .fields import KEY
from .reading import Unreadable

LIST = "manifest.jsonl"
_TRIES = 3

NO_DATASET = N_("There is no dataset in this dump.")
NO_LINE = N_("Line %(line)s is not a dataset; it was left out.")
NOT_FETCHED = N_("%(url)s could not be fetched (%(why)s). Put the file there as %(path)s.")
LINK = N_("%(url)s is no file; the link was left out.")
CONVERTED = N_(
    "%(count)s datasets with %(files)s files: %(path)s. Check them with “satudata publish "
    "%(path)s --dry-run”."
)
AGAIN = N_("Line %(line)s names a dataset a second time; it was left out.")


@click.command("from-ckan")
@click.argument("file", metavar="DUMP", type=click.Path(exists=True, path_type=Path))
@click.option("--site", required=True, metavar="URL", help="The address of the other site.")
@click.option(
    "--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--agency", default="", metavar="NAME", help="The agency here of all datasets.")
@click.option(
    "--agencies",
    type=click.Path(exists=True, path_type=Path, dir_okay=False),
    help="CSV with two columns: name of the agency there, name here.",
)
@click.option("--max-mb", type=click.IntRange(1), default=200, show_default=True)
@session.spoken
def from_ckan(
    file: Path, *, site: str, out: Path, agency: str, agencies: Path | None, max_mb: int, lang: str
) -> None:
    """Make a list of DUMP (what `ckanapi dump datasets` wrote), and fetch its files.

    Nothing is sent anywhere. What the list brings is unclassified, and names its source.
    """
    translate = words.translation(lang)
    told: list[Message] = []
    with session.ending(translate):
        found = list(_converted(file, site, _agencies(agency, agencies), told))
        if not found:
            raise Unreadable(Message(NO_DATASET))
        out.mkdir(parents=True, exist_ok=True)
        files = [each for one in found for each in one.files]
        listed = "".join(json.dumps(each.line, ensure_ascii=False) + "\n" for each in found)
        state.write(out / LIST, listed.encode("utf-8", "replace"))
        fetcher = Fetcher(site, max_mb)
        with ThreadPoolExecutor(session.WORKERS) as pool:
            told += filter(None, pool.map(lambda each: _fetch(each, out, fetcher), files))
        for message in told:
            click.echo(report.tame(message.text(translate)))
        params = {"count": len(found), "files": len(files), "path": str(out / LIST)}
        click.echo(Message(CONVERTED, params).text(translate))
    sys.exit(1 if told else 0)


def _agencies(for_all: str, file: Path | None) -> dict[str, str]:
    found = {"": for_all} if for_all else {}
    if file is not None:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            text = opened.read()
        separator = ";" if ";" in text.partition("\n")[0] else ","
        for row in csv.reader(text.splitlines(), delimiter=separator):
            if len(row) > 1:
                found[row[0].strip()] = row[1].strip()
    return found


def _converted(
    file: Path, site: str, agencies: dict[str, str], told: list[Message]
) -> Iterator[Converted]:
    seen: set[str] = set()
    for number, given in dump.lines(file):
        if given is None:
            told.append(Message(NO_LINE, {"line": number}))
        elif dump.wanted(given):
            made = dump.converted(given, site, agencies)
            if made.line[KEY] in seen:
                told.append(Message(AGAIN, {"line": number}))
                continue
            seen.add(made.line[KEY])
            told += [Message(LINK, {"url": url}) for url in made.links]
            yield made


def _fetch(wanted: Wanted, out: Path, fetcher: Fetcher) -> Message | None:
    """Fetch a file that is not there yet."""
    path, why = out / wanted.path, ""
    if path.exists():
        return None
    for _try in range(_TRIES):
        try:
            fetcher.fetch(wanted.url, path)
        except NotFetched as problem:
            why = problem.why
            if not problem.again:
                break
        else:
            return None
    return Message(NOT_FETCHED, {"url": wanted.url, "why": why, "path": wanted.path})

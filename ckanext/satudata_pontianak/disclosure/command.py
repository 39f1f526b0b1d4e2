"""``satudata``: the command that works without CKAN.

Exit status of ``satudata scan``: 0 everything was read and nothing found, 1 something was
found, 2 a file could not be read to its end (also when something was found elsewhere), there
was no file, or the command was called wrongly.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from ..ledger.command import ledger
from .anonymising.command import mask
from .html import VERDICTS
from .html import page as html_page
from .messages import _
from .places import share, told
from .report import FileReport, Verdict, finding_json, to_json
from .ruleset import DEFAULT, Ruleset, choose
from .sandbox import Sandbox
from .sentences import explain

_LONG = 4 * 1024 * 1024


@click.group()
@click.version_option(package_name="ckanext-satudata_pontianak")
def main() -> None:
    """Tools of Satu Data Pontianak that need no server."""


main.add_command(mask)
main.add_command(ledger)


@main.command()
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["findings", "failed", "never"]),
    default="findings",
    show_default=True,
    help="What makes the exit status differ from 0: 1 for findings, 2 for unreadable files.",
)
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, writable=True), help="Write a page as well."
)
@click.option(
    "--ruleset",
    "rules",
    metavar="ID|FILE",
    help=f"{DEFAULT.id}, or a JSON file with id, kinds and threshold.",
)
def scan(
    paths: tuple[str, ...], *, as_json: bool, fail_on: str, page: str | None, rules: str | None
) -> None:
    """Look for personal data in files, in every row of every sheet.

    Folders are walked, hidden files and files of unknown formats included. Values that are
    found are never printed, only masked samples of them.

    \b
    Exit status:
      0  everything was read and nothing found
      1  something was found
      2  a file could not be read to its end, there was no file, or the call was wrong
    --fail-on findings gives all of these, failed no 1, never no 1 and no 2 for files.
    """
    try:
        ruleset = choose(rules)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--ruleset") from None
    files = list(_files(paths))
    if not files:
        raise click.UsageError(_("There is no file in these folders."))
    if page is not None:
        # Before the work, and not with the status of something found.
        try:
            Path(page).write_text("", encoding="utf-8")
        except OSError:
            raise click.BadParameter(_("It cannot be written."), param_hint="--html") from None
    reports = _scan(files, ruleset)
    if page is not None:
        Path(page).write_text(html_page(reports, ruleset.id), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(to_json(reports, ruleset.id), ensure_ascii=False, indent=2))
    else:
        for report in reports:
            click.echo("\n".join(map(_printable, _lines(report))))
    sys.exit(_status(reports, fail_on))


def _files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the files, and those of folders in a stable order; none is left out silently."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield path
            continue
        closed: list[Path] = []

        def note(error: OSError, closed: list[Path] = closed) -> None:
            closed.append(Path(error.filename))

        for folder, folders, names in os.walk(path, onerror=note):
            folders.sort()
            for name in sorted(names):
                yield Path(folder) / name
        # Named like a file that may not be read, which the scan then says of it.
        yield from closed


def _scan(files: list[Path], ruleset: Ruleset) -> list[FileReport]:
    sizes = [_size(path) for path in files]
    total = sum(sizes)
    reports = []
    visible = total > _LONG and sys.stderr.isatty()
    bar = (
        click.progressbar(length=max(total, 1), label=_("Scanning"), file=sys.stderr)
        if visible
        else nullcontext()
    )
    done = 0
    with Sandbox(ruleset=ruleset) as sandbox, bar as shown:
        for path, size in zip(files, sizes, strict=True):

            def progress(share: float, start: int = done, size: int = size) -> None:
                if shown is not None:
                    shown.update(max(0, start + int(share * size) - shown.pos))

            reports.append(sandbox.scan(path, progress=progress))
            progress(1.0)
            done += size
    return reports


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _status(reports: list[FileReport], fail_on: str) -> int:
    verdicts = {report.verdict for report in reports}
    if fail_on != "never" and Verdict.FAILED in verdicts:
        return 2
    if fail_on == "findings" and Verdict.FINDINGS in verdicts:
        return 1
    return 0


def _printable(line: str) -> str:
    """Keep headings and file names from steering the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def _lines(report: FileReport) -> Iterator[str]:
    """Describe one report for people."""
    head = f"{report.path}: {_(VERDICTS[report.verdict])}"
    if report.reason is not None:
        head += f" ({report.reason.code}): {explain(report.reason, _)}"
    yield head
    for table in report.tables:
        for column in table.columns:
            for finding in column.findings:
                place = column.name or _("column %(number)d") % {"number": column.index + 1}
                if table.name:
                    place = f"{table.name} / {place}"
                yield _("  %(place)s: %(kind)s, %(count)d cells (%(share)s), score %(score)s") % {
                    "place": place,
                    "kind": finding.kind,
                    "count": finding.count,
                    "share": share(finding.share),
                    "score": f"{finding.score:.2f}",
                }
                if where := told(finding_json(finding), _):
                    yield "    " + _("where: %(places)s") % {"places": "; ".join(where)}
                yield f"    {explain(finding.reason, _)} {finding.sample}"

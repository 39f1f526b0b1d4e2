"""``satudata``: the command that works without CKAN.

Exit status of ``satudata scan``: 0 everything was read and nothing found, 1 something was
found, 2 a file could not be read to its end (also when something was found elsewhere).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from .anonymising.command import mask
from .messages import _
from .reasons import explain
from .report import FileReport, Verdict, to_json
from .ruleset import DEFAULT

_LONG = 4 * 1024 * 1024


@click.group()
@click.version_option(package_name="ckanext-satudata_pontianak")
def main() -> None:
    """Tools of Satu Data Pontianak that need no server."""


main.add_command(mask)


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
def scan(paths: tuple[str, ...], *, as_json: bool, fail_on: str) -> None:
    """Look for personal data in files, in every row of every sheet.

    Values that are found are never printed, only masked samples of them.
    """
    files = list(_files(paths))
    reports = _scan(files)
    if as_json:
        click.echo(json.dumps(to_json(reports, DEFAULT.id), ensure_ascii=False, indent=2))
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
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                yield Path(folder) / name


def _scan(files: list[Path]) -> list[FileReport]:
    from .sandbox import Sandbox

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
    with Sandbox() as sandbox, bar as shown:
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
    words = {
        Verdict.CLEAR: _("clear"),
        Verdict.FINDINGS: _("findings"),
        Verdict.FAILED: _("failed"),
    }
    head = f"{report.path}: {words[report.verdict]}"
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
                    "share": f"{finding.share:.2%}",
                    "score": f"{finding.score:.2f}",
                }
                yield f"    {explain(finding.reason, _)} {finding.sample}"

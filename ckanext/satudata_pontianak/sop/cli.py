"""``ckan satudata sop``: the SOPs as files, and how far they are kept to."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

import ckan.plugins.toolkit as tk

from .. import days
from ..classification.rules import indonesian
from ..messages import Message
from .actions import period, wrong
from .audit import report_files, reports
from .audit.answers import Conformance
from .audit.conformance_tables import conformance_tables
from .audit.counted import counted_table
from .audit.report_texts import CONFORMANCE, CONFORMANCE_INTRO
from .audit.tables import Language, as_csv
from .documents import library

OUTPUT = click.Path(dir_okay=False, path_type=Path)


class Named(click.Group):
    """Takes the name of an SOP where no command of this name exists, as it always did."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let everything that names no command go to the command that writes an SOP."""
        asks_for_help = bool(set(args) & set(ctx.help_option_names))
        if not asks_for_help and (not args or args[0] not in self.commands):
            args = ["document", *args]
        return super().parse_args(ctx, args)


@click.group("sop", cls=Named)
def sop() -> None:
    """Write an SOP (``sop NAME``), or report how far the workflow was kept to."""


@sop.command("document")
@click.argument("name", required=False)
@click.option("--list", "as_list", is_flag=True, help="Name the SOPs and their definitions.")
@click.option("--format", "form", type=click.Choice(library.FORMATS), default="pdf")
@click.option("--output", type=OUTPUT, help="The file to write.")
def document(name: str | None, *, as_list: bool, form: str, output: Path | None) -> None:
    """Write an SOP, made from the definitions in force, as PDF, DOCX, HTML or JSON.

    The documents are in Indonesian. Without --output, HTML and JSON are printed.
    """
    known = library.documents()
    if as_list or name is None:
        for key, found in known.items():
            click.echo(f"{found.code}  {key:<20} {found.definition}  {found.title}")
        return
    if name not in known:
        raise click.ClickException(f"There is no SOP '{name}'. Known: {', '.join(known)}.")
    content = library.written(name, form)
    if output is not None:
        output.write_bytes(content)
        click.echo(f"{output}: {len(content)} bytes, definition {known[name].definition}")
    elif form in ("html", "json"):
        click.echo(content.decode("utf-8"))
    else:
        raise click.ClickException(f"Say where the {form.upper()} is to be written: --output FILE.")


@sop.command("conformance")
@click.option("--from", "first", help="First day, YYYY-MM-DD (default: the first of this year).")
@click.option("--to", "last", help="Last day (default: today).")
@click.option("--json", "form", flag_value="json", help="Everything, for programs.")
@click.option("--csv", "form", flag_value="csv", help="A line for each number.")
@click.option("--pdf", "form", flag_value="pdf", help="For the printer; needs --output.")
@click.option("--output", type=OUTPUT, help="The file to write.")
@click.pass_context
def conformance(
    ctx: click.Context,
    first: str | None,
    last: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Replay the ledger against the workflow that was in force at each step.

    Without a format, the numbers in short are printed.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            asked = period({"from": first, "to": last})
        except tk.ValidationError as refusal:
            raise click.ClickException(wrong(refusal)) from None
        made = reports.conformance(None, asked)
    tables = [*conformance_tables(made.data, made.names), counted_table(made.counted)]
    language = Language(indonesian.translator())
    content: bytes
    if form == "json":
        content = json.dumps(made.data, ensure_ascii=False, indent=2).encode("utf-8")
    elif form == "csv":
        content = as_csv(tables, language)
    elif form == "pdf":
        if output is None:
            raise click.ClickException("Say where the PDF is to be written: --output FILE.")
        span: dict[str, Any] = {"first": asked.first, "last": asked.last}
        intro = Message(CONFORMANCE_INTRO.msgid, span)
        content = report_files.pdf(CONFORMANCE, intro, tables, language, days.today())
    else:
        content = _short(made.data, asked.first, asked.last).encode("utf-8")
    if output is not None:
        output.write_bytes(content)
        click.echo(f"{output}: {len(content)} bytes")
    else:
        click.echo(content.decode("utf-8").lstrip("\ufeff").rstrip())


def _short(data: Conformance, first: dt.date, last: dt.date) -> str:
    cases, by_code = data["cases"], data["deviations"]["by_code"]
    share = cases["share_as_written"]
    lines = [
        f"{first} .. {last}",
        f"cases {cases['total']}, as written {cases['as_written']}"
        + (f" ({share:.1%})" if share is not None else ""),
        f"open past their deadline {cases['overdue']}, expired {data['decisions']['expired']}",
        *(f"{code} {count}" for code, count in by_code.items()),
    ]
    return "\n".join(lines)


def get_commands() -> list[click.Command]:
    """Return the commands of this room."""
    return [sop]

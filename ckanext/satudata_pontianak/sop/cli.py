"""``ckan satudata sop``: the SOPs as files."""

from __future__ import annotations

from pathlib import Path

import click

from . import library


@click.command("sop")
@click.argument("name", required=False)
@click.option("--list", "as_list", is_flag=True, help="Name the SOPs and their definitions.")
@click.option("--format", "form", type=click.Choice(library.FORMATS), default="pdf")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
def sop(name: str | None, *, as_list: bool, form: str, output: Path | None) -> None:
    """Write an SOP, made from the definitions in force, as PDF, DOCX, HTML or JSON.

    The documents are in Indonesian. Without --output, HTML and JSON are printed.
    """
    known = library.documents()
    if as_list or name is None:
        for key, document in known.items():
            click.echo(f"{document.code}  {key:<20} {document.definition}  {document.title}")
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


def get_commands() -> list[click.Command]:
    """Return the commands of this room."""
    return [sop]

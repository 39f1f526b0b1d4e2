"""``ckan satudata smki``: what the operator brings to information security by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from . import advisories
from .rules.advisories import AdvisoryError

LARGEST = 64 * 1024 * 1024


@click.group("smki")
def smki() -> None:
    """Bring what information security needs from outside."""


@smki.command("advisories")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take(file: Path) -> None:
    """Take a list of known weaknesses of libraries: of pip-audit, or advisories of OSV, as JSON."""
    if file.stat().st_size > LARGEST:
        raise click.ClickException("The file is larger than 64 MB.")
    try:
        taken = advisories.take(json.loads(file.read_bytes()))
    except ValueError as error:
        said = str(error) if isinstance(error, AdvisoryError) else "not the JSON that is read"
        raise click.ClickException(f"This file cannot be used: {said}") from None
    click.echo(f"{taken.new} new weaknesses, {taken.standing} stand, {taken.mended} are mended.")


def get_commands() -> list[Any]:
    """Return the commands of this room."""
    return [smki]

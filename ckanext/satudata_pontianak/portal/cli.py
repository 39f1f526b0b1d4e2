"""``ckan satudata``: the commands of the portal on the server.

Each room that has commands gives them in its ``cli.py`` as ``get_commands()``; they are collected
here, so that there is one word to remember.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from typing import Any

import click

import ckan.plugins.toolkit as tk

from ..sop.documents import unconfirmed
from .operator import checks
from .operator.checks import Finding, Level

PACKAGE = "ckanext.satudata_pontianak"
ROOMS_WITH_COMMANDS = (
    "agencies.cli",
    "accounts.cli",
    "disclosure.cli",
    "ledger.cli",
    "classification.cli",
    "smki.cli",
    "jepin.cli",
    "sop.cli",
    "publishing.cli",
    "portal.ledger.dataset",
    "portal.demo.cli",
)


@click.group(short_help="Commands of Satu Data Pontianak.")
def satudata() -> None:
    """Set up, check and run Satu Data Pontianak."""


def _as_dict(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.level.value,
        "problem": checks.text(finding.problem, finding.params),
        "repair": checks.text(finding.repair, finding.params),
    }


@satudata.command("check", short_help="Say what is wrong with this site and how to repair it.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Say what is wrong with this site and how to repair it.

    Ends with 1 when there is an error, with 0 when there are only warnings or nothing. Lists what
    is to be confirmed in the law, which is neither.
    """
    with ctx.meta["flask_app"].test_request_context():
        findings = checks.run()
        shown = [_as_dict(f) for f in findings]
        errors = [f for f in findings if f.level is Level.ERROR]
        if as_json:
            found = {"findings": shown, "errors": len(errors), "to_be_confirmed": _facts()}
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            for finding in shown:
                _print(finding)
            click.echo(_summary(len(errors), len(findings) - len(errors)))
            facts = _facts()
            click.echo(tk._("To be confirmed by Bagian Hukum: %(count)s.") % {"count": len(facts)})
            for fact in facts:
                click.echo(f"    {fact['text']} ({fact['known']}): {', '.join(fact['places'])}")
    sys.exit(1 if errors else 0)


def _facts() -> list[dict[str, Any]]:
    """Return what the definitions say of the law that nobody confirmed; no fault of the site."""
    return [
        {"text": f.text, "known": tk._(unconfirmed.SOURCES[f.status]), "places": list(f.places)}
        for f in unconfirmed.facts()
    ]


def _print(finding: dict[str, str]) -> None:
    error = finding["level"] == Level.ERROR
    word = tk._("ERROR") if error else tk._("WARNING")
    click.secho(f"{word}: ", fg="red" if error else "yellow", nl=False)
    click.echo(finding["problem"])
    click.echo(f"    {finding['repair']}")


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return tk._("Nothing is wrong.")
    return tk._("Errors: %(errors)s. Warnings: %(warnings)s.") % {
        "errors": errors,
        "warnings": warnings,
    }


def get_commands() -> list[Any]:
    """The command group with the commands of every room that has any."""
    for room in ROOMS_WITH_COMMANDS:
        name = f"{PACKAGE}.{room}"
        if importlib.util.find_spec(name.rpartition(".")[0]) is None:
            continue
        if importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        for command in getattr(module, "get_commands", list)():
            satudata.add_command(command)
    return [satudata]

"""``satudata mask``: from a table of persons to one that may be open.

Exit status: 0 masked, nothing found in the result and k reached; 1 masked, but the result still
has findings or its k is below the threshold; 2 nothing was written, and what to do is said.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from ... import clock
from ..messages import _
from ..report import FileReport, Verdict
from ..sandbox import scan_in_child
from .outcome import Outcome
from .plan import DROP, Aggregate, Plan, Treatment, treatment
from .refusals import PlanError
from .running import DEFAULT_K, DEFAULT_SMALL_CELL, mask_file, profile_file
from .secret import ENVIRONMENT, read_secret
from .suggesting import suggest

_MANY: dict[str, Any] = {"multiple": True, "metavar": "COLUMN"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", "plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--suggest", "only_suggest", is_flag=True, help="Print a plan from a scan of FILE.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The result, as CSV.")
@click.option("--report", "as_report", is_flag=True, help="Print what was measured as JSON.")
@click.option("--sheet", help="Which sheet of a workbook with several.")
@click.option("--drop", **_MANY, help="Take the column away.")
@click.option("--mask", "masked", **_MANY, help="Keep the first character only.")
@click.option("--pseudonym", **_MANY, help="Replace by a keyed pseudonym (HMAC-SHA-256).")
@click.option("--age-band", **_MANY, help="Date of birth to age band.")
@click.option("--kelurahan", **_MANY, help="Address to kelurahan.")
@click.option("--rare", **_MANY, help="Rare values to 'lainnya'.")
@click.option("--quasi", **_MANY, help="What others may know of a person; for k-anonymity.")
@click.option("--sensitive", **_MANY, help="What nobody should learn of a person; for l-diversity.")
@click.option("--count-by", **_MANY, help="Count the rows by these columns instead.")
@click.option("--totals", is_flag=True, help="With --count-by: totals as well.")
@click.option("--suppress-below", type=click.IntRange(0, 1000), default=0, metavar="N")
@click.option(
    "--secret",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"File with the secret of pseudonyms (or {ENVIRONMENT}).",
)
@click.option("--k", type=click.IntRange(2), default=DEFAULT_K, show_default=True)
@click.option("--small-cell", type=click.IntRange(2), default=DEFAULT_SMALL_CELL, show_default=True)
@click.option("--force", is_flag=True, help="Replace the output file.")
def mask(file: Path, **options: Any) -> None:
    """Mask the columns of FILE (CSV or XLSX) by a plan and measure what remains.

    No value of the file is ever printed.
    """
    try:
        if options["only_suggest"]:
            plan = _suggested(file, options["k"], options["sheet"])
            click.echo(json.dumps(plan.to_json(), ensure_ascii=False, indent=2))
            return
        outcome, report = _mask(file, options)
    except PlanError as error:
        click.echo(error.explain(_), err=True)
        sys.exit(2)
    if options["as_report"]:
        document = outcome.to_json() | {"scan": report.verdict.value}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(outcome, report)))
    sys.exit(0 if outcome.enough and report.verdict is Verdict.CLEAR else 1)


def _suggested(file: Path, k: int, sheet: str | None) -> Plan:
    return suggest(scan_in_child(file), profile_file(file, sheet=sheet), k=k)


def _mask(file: Path, options: dict[str, Any]) -> tuple[Outcome, FileReport]:
    out: Path | None = options["out"]
    if out is None:
        raise click.UsageError(_("Name the output file with --out."))
    if out.exists():
        if out.samefile(file):
            raise PlanError("out_is_input")
        if not options["force"]:
            raise PlanError("out_exists")
    plan = _plan(options)
    outcome = mask_file(
        file,
        plan,
        out,
        # The clerk's day is the day of the machine.
        today=clock.now().astimezone().date(),
        k=options["k"],
        small_cell=options["small_cell"],
        secret=read_secret(options["secret"]) if plan.needs_secret else b"",
    )
    return outcome, scan_in_child(out)


def _plan(options: dict[str, Any]) -> Plan:
    """Return the plan of the file, with what the options add to it or change in it."""
    given = options["plan_file"]
    plan = Plan.read(given.read_text("utf-8")) if given else Plan()
    columns: dict[str, Treatment] = dict(plan.columns)
    for option, action in (
        ("drop", DROP),
        ("masked", treatment("mask", "mask")),
        ("pseudonym", treatment("pseudonym", "pseudonym")),
        ("age_band", treatment("age_band", "age_band")),
        ("kelurahan", treatment("kelurahan", "kelurahan")),
        ("rare", treatment({"do": "rare", "below": options["k"]}, "rare")),
    ):
        columns.update(dict.fromkeys(options[option], action))
    if not columns and not options["count_by"]:
        raise click.UsageError(_("Say what to do: --plan, or options such as --drop COLUMN."))
    by = options["count_by"]
    return Plan(
        columns=columns,
        others=plan.others,
        quasi_identifiers=options["quasi"] or plan.quasi_identifiers,
        sensitive=options["sensitive"] or plan.sensitive,
        suppress_below=options["suppress_below"] or plan.suppress_below,
        aggregate=Aggregate(tuple(by), options["totals"]) if by else plan.aggregate,
        sheet=options["sheet"] or plan.sheet,
    )


def _lines(outcome: Outcome, report: FileReport) -> list[str]:
    """Say in words what was done and what remains to do."""
    lines = [
        _("%(rows)d rows read, %(written)d written, %(removed)d left out as too few are alike.")
        % {"rows": outcome.rows, "written": outcome.written, "removed": outcome.removed}
    ]
    for column in outcome.columns:
        if column.emptied:
            lines.append(
                _("  %(column)s: %(count)d cells could not be changed and were emptied.")
                % {"column": column.name, "count": column.emptied}
            )
        if column.repeated:
            lines.append(
                _("  %(column)s: %(count)d cells repeated what was masked and were emptied.")
                % {"column": column.name, "count": column.repeated}
            )
    if outcome.counted:
        lines.append(
            _("%(cells)d counts, of which %(small)d are hidden as small and %(more)d with them.")
            % {
                "cells": outcome.counted.cells,
                "small": outcome.counted.small,
                "more": outcome.counted.protecting,
            }
        )
    lines.append(
        _("k = %(k)d (wanted: %(wanted)d), by: %(columns)s.")
        % {
            "k": outcome.k,
            "wanted": outcome.threshold,
            "columns": ", ".join(outcome.risk.quasi_identifiers) or "–",
        }
    )
    lines.append(
        _("Risk of being recognised: highest %(highest)s, on average %(average)s.")
        % {
            "highest": f"{outcome.risk.prosecutor:.1%}",
            "average": f"{outcome.risk.prosecutor_average:.1%}",
        }
    )
    lines += [
        _("l = %(l)d for %(column)s.") % {"l": item.distinct, "column": name}
        for name, item in outcome.risk.diversity.items()
    ]
    if not outcome.enough:
        lines.append(
            _("Generalise more, take columns away, or leave rows out with --suppress-below.")
        )
    if report.verdict is not Verdict.CLEAR:
        lines.append(_("The result still has findings. See: satudata scan."))
    return lines

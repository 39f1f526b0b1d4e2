"""``ckan satudata rescan``: try a new ruleset, say what it would do, enforce it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..rules.refusals import Refused
from . import rescan as rescanning
from .rescan import CONSEQUENCES, Rescanned


@click.command("rescan")
@click.option("--dry-run", is_flag=True, help="Only say what it would do; keep not even scans.")
@click.option("--report", is_flag=True, help="Say what the trial found so far; scan nothing.")
@click.option("--enforce", is_flag=True, help="Let the new rules count, with all that follows.")
@click.option("--user", help="Who enforces; it is recorded.")
@click.option("--json", "as_json", is_flag=True, help="With --report: print it as JSON.")
def rescan(*, dry_run: bool, report: bool, enforce: bool, user: str | None, as_json: bool) -> None:
    """Scan again what somebody may read, after the rules of the scan changed. Resumable.

    New rules are first tried: the worker does it by itself, this command does it at once. What was
    decided first comes first. Nothing follows, and the earlier scans decide, until --enforce: then
    identifiers of persons that are new in open data put a hold on them, which is an incident; other
    new findings open a case. Look at --report before.
    """
    if report:
        _tell(as_json=as_json)
    elif enforce:
        _enforce(user)
    else:
        _scan(dry_run=dry_run)


def _scan(*, dry_run: bool) -> None:
    known = rescanning.progress()
    click.echo(f"{known.left} datasets to scan.")
    found = rescanning.try_out() if dry_run else rescanning.run()
    counts = _count(found, known.left)
    follows = known.enforced and not dry_run
    words = ("Held", "Cases") if follows else ("Would be held", "Would open cases")
    _sum_up(words, counts)


def _count(found: Iterable[Rescanned], total: int) -> dict[str, int]:
    """Print what has a consequence, and every hundredth dataset how far it is."""
    counts = dict.fromkeys(CONSEQUENCES, 0)
    for number, item in enumerate(found, start=1):
        counts[item.consequence] += 1
        if item.consequence != "none":
            click.echo(f"{item.dataset_id}: {item.consequence} ({', '.join(item.kinds)})")
        if number % 100 == 0:
            click.echo(f"{number} of {total}")
    return counts


def _sum_up(words: tuple[str, str], counts: dict[str, int]) -> None:
    told = f"{words[0]}: {counts['hold']}. {words[1]}: {counts['case']}."
    click.echo(f"{told} Unchanged: {counts['none']}.")


def _tell(*, as_json: bool) -> None:
    known, rows = rescanning.progress(), rescanning.report()
    if as_json:
        click.echo(json.dumps(_as_dict(known, rows), ensure_ascii=False))
        return
    state = "enforced" if known.enforced else "on trial"
    click.echo(f"Rules {known.ruleset}, {state}: {known.tried} datasets tried, {known.left} left.")
    for row in rows:
        decided = f"{row.decided_at:%Y-%m-%d}" if row.decided_at else "-"
        click.echo(f"{row.package_id}: {row.consequence} ({', '.join(row.kinds)}), {decided}")
    words = ("Held", "Cases") if known.enforced else ("Would be held", "Would open cases")
    _sum_up(words, known.counts)


def _as_dict(known: rescanning.Progress, rows: list[Any]) -> dict[str, Any]:
    return {
        "ruleset": known.ruleset,
        "enforced": known.enforced,
        "tried": known.tried,
        "left": known.left,
        "counts": known.counts,
        "datasets": [
            {
                "id": row.package_id,
                "consequence": row.consequence,
                "kinds": row.kinds,
                "decided": row.decided_at.isoformat() if row.decided_at else None,
                "tried": row.tried_at.isoformat(),
                "applied": row.applied_at.isoformat() if row.applied_at else None,
            }
            for row in rows
        ],
    }


def _enforce(user: str | None) -> None:
    try:
        rescanning.enforce(_actor(user))
    except Refused as refusal:
        if refusal.code != "enforced" or not rescanning.unapplied():
            raise click.ClickException(str(refusal.message)) from None
        click.echo("These rules are enforced already; going on with what follows from them.")
    # Should this be stopped, the worker goes on.
    rescanning.begin()
    total = len(rescanning.unapplied())
    _sum_up(("Held", "Cases"), _count(rescanning.apply(), total))


def _actor(user: str | None) -> Actor | None:
    if user is None:
        return None
    actor = registry.actor_for(model.User.get(user))
    if actor.anonymous or not actor.active:
        raise click.ClickException(f"There is no active user called '{user}'.")
    return actor

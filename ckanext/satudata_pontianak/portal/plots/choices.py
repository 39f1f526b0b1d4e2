"""What editors chose: kept, given back, undone; each in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.reading.serving import Served
from ...agencies.rules.duties import Actor
from ...classification.records import text_findings
from ...ledger import service as ledger
from ...metadata.roles import Seen
from ...msgids import N_
from .drawing.charts import Kind, NoChart, Refused, Wanted
from .drawing.shapes import Shapes
from .drawing.words import Words
from .model import Plot
from .regions import choose

MAX_TITLE = 200
LONG_TITLE = N_("A title has at most %(count)s letters.")
UNKNOWN_KIND = N_("There is no such kind of chart.")
KINDS = (Kind.LINE, Kind.COLUMNS, Kind.ROWS, Kind.MAP)
FIELDS = ("kind", "measure", "along", "by", "title")


def chosen(resource_id: str) -> Wanted | None:
    """Return what was chosen for a resource, if anything."""
    row = model.Session.get(Plot, resource_id)
    return Wanted(*(getattr(row, name) for name in FIELDS)) if row is not None else None


def checked(wanted: Wanted, seen: Sequence[Seen], words: Words, shapes: Shapes) -> None:
    """Refuse what makes no honest chart of this table.

    :raises ckan.plugins.toolkit.ValidationError: naming each field.
    """
    errors: dict[str, list[str]] = {}
    if wanted.kind and wanted.kind not in KINDS:
        errors["kind"] = [tk._(UNKNOWN_KIND)]
    if len(wanted.title) > MAX_TITLE:
        errors["title"] = [tk._(LONG_TITLE) % {"count": MAX_TITLE}]
    elif text_findings.hard_findings("title", wanted.title):
        kinds = {f.kind for f in text_findings.hard_findings("title", wanted.title)}
        errors["title"] = [tk._(text_findings.REFUSAL) % {"kinds": ", ".join(sorted(kinds))}]
    if not errors:
        try:
            answer = choose(seen, wanted, shapes)
            if isinstance(answer, NoChart):
                errors["measure"] = [words.note(answer.reason)]
        except Refused as problem:
            errors[problem.field] = [words.note(problem.why)]
    if errors:
        raise tk.ValidationError(errors)  # type: ignore[arg-type]


def keep(found: Served, wanted: Wanted | None, actor: Actor) -> None:
    """Keep a choice, or undo it with ``None``, with its record in the same transaction."""
    row = model.Session.get(Plot, found.resource_id)
    before = {n: getattr(row, n) for n in FIELDS} if row is not None else None
    after = None
    if wanted is None:
        if row is None:
            return
        model.Session.delete(row)
    else:
        after = {n: getattr(wanted, n) for n in FIELDS}
        if row is None:
            row = Plot(resource_id=found.resource_id, package_id=found.facts.dataset_id)
            model.Session.add(row)
        for name, value in after.items():
            setattr(row, name, value)
        row.chosen_by = str(actor.id)
    ledger.append(
        model.Session,
        event="plot.reset" if wanted is None else "plot.choose",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=found.facts.dataset_id,
        before=before,
        after=after,
        detail={"resource": found.resource_id, "version": found.version_id},
    )
    model.Session.commit()

"""The procedure in a few sentences and one drawing, both read from the workflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

import ckan.plugins.toolkit as tk

from ...classification.rules.definition import workflow
from ...classification.rules.main_road import main_road
from ...sop.drawing.road import Arrow, Station, road


def lead(states: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a sentence for each step of the main road, and the road drawn with their numbers.

    :param states: as ``satudata_workflow_show`` gives them.
    """
    steps = main_road(workflow())
    on_it = {name for step in steps for name in (step.source, step.target)}
    drawing = road(
        tk._("The way of a dataset"),
        [_station(state) for state in states if state["name"] in on_it],
        [Arrow(step.source, step.target, tk._(step.label)) for step in steps],
    )
    # Drawn by us; every text in it was escaped.
    return {"lead": [tk._(step.step) for step in steps], "drawing": Markup(drawing)}  # noqa: S704


def _station(state: Mapping[str, Any]) -> Station:
    """Return a state for the drawing: who has it, and for how many working days."""
    note, days = [state["holder_label"] or ""], state["due_working_days"]
    if days:
        text = tk.ungettext("{number} working day", "{number} working days", days)
        note.append(text.format(number=days))
    return Station(state["name"], state["label"], ", ".join(part for part in note if part))

"""The page of the queue: a table of rows, what is asked for, and groups of like cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...agencies import registry
from ...classification.desk.queue import DUE, SCAN, SORTS
from ...classification.rules.axes import classification
from ...classification.rules.definition import KINDS, workflow
from ...classification.versions.likeness import LIKENESS, VERDICTS
from ..web import call, wording
from ..web.forms import Choice
from . import desks

PER_PAGE = 20
LONGEST = 200
KEPT = ("state", "kind", "agency", "level", "scan", "likeness", "q", "group", "sort")


@dataclass(frozen=True)
class Filter:
    """What somebody asks of the queue, as the address of the page carries it."""

    everything: bool = False
    overdue: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        """Return the parameters of ``satudata_classification_list``."""
        return {"mine": not self.everything, "overdue": self.overdue, **self.values}

    def query(self, **more: Any) -> dict[str, Any]:
        """Return the words of an address that asks the same, and more."""
        kept: dict[str, Any] = {"scope": "all"} if self.everything else {}
        if self.overdue:
            kept["overdue"] = "1"
        return {**kept, **{k: v for k, v in {**self.values, **more}.items() if v}}


def read(sent: Any) -> Filter:
    """Return what an address asks for; what does not exist is left out and told."""
    known = {
        "state": [name for name, state in workflow().states.items() if not state.end],
        "kind": KINDS,
        "agency": [a.name for a in registry.load_agencies().values()],
        "level": classification().levels,
        "scan": VERDICTS,
        "likeness": LIKENESS,
        "sort": [*SORTS, *(f"-{key}" for key in SORTS)],
    }
    values, unknown = {}, []
    for key in KEPT:
        value = sent.get(key, "").replace("\x00", "").strip()[:LONGEST]
        if value and key in known and value not in known[key]:
            unknown.append(key)
        elif value:
            values[key] = value
        elif sent.get(key):
            unknown.append(key)
    return Filter(sent.get("scope") == "all", sent.get("overdue") == "1", values, tuple(unknown))


def queue() -> Any:
    """Show the open cases: on one's own desks, or all that one may see."""
    if not call.logged_in():
        return call.log_in()
    if not desks.satudata_is_staff():
        return desks.own_desk()
    wanted = read(flask.request.args)
    number = page_number(flask.request.args.get("page"))
    shown = {"limit": PER_PAGE, "groups": True, "holds": True, **wanted.params()}
    found = call.call("satudata_classification_list", offset=(number - 1) * PER_PAGE, **shown)
    pages = max(1, math.ceil(found["count"] / PER_PAGE))
    if number > pages:
        number = pages
        found = call.call("satudata_classification_list", offset=(number - 1) * PER_PAGE, **shown)
    return tk.render(
        "satudata/queue.html",
        {
            "rows": found["results"],
            "choose": not wanted.everything,
            "sorted_by": {key: sorting(wanted, key) for key in SORTS},
            "groups": [
                {**group, "title": title(group)} for group in found["groups"] if group["count"] > 1
            ],
            "holds": found["holds"],
            "count": found["count"],
            "page": number,
            "pages": pages,
            "wanted": wanted,
            "choices": choices(),
            "today": days.today(),
        },
    )


def page_number(text: str | None) -> int:
    """Return the number of a page; what is no page is the first."""
    if text and text.isascii() and text.isdigit() and len(text) < len(str(10**7)):
        return max(1, int(text))
    return 1


def sorting(wanted: Filter, key: str) -> dict[str, Any]:
    """Return how a column sorts the queue now, and the address that sorts by it or turns it."""
    now = wanted.values.get("sort", DUE)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    turned = f"-{key}" if order == "ascending" else key
    return {"order": order, "url": tk.h.url_for("satudata.queue", **wanted.query(sort=turned))}


def title(group: Mapping[str, Any]) -> str:
    """Return what a group is called: kind, state, level, check, and what changed."""
    level = group["tingkat_keamanan"]
    parts = [
        wording.case_kind(group["kind"]),
        group["state_label"],
        wording.level(level).label if level and level != "-" else tk._("Level not filled in yet"),
    ]
    if group["scan"]:
        parts.append(wording.scan_of_case(group["scan"]))
    if group["likeness"]:
        parts.append(wording.likeness(group["likeness"]))
    return " · ".join(parts)


def choices() -> dict[str, list[Choice]]:
    """Return what may be chosen in each filter."""
    agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
    return {
        "state": [
            Choice(name, tk._(state.label))
            for name, state in workflow().states.items()
            if not state.end
        ],
        "kind": [Choice(name, wording.case_kind(name)) for name in sorted(KINDS)],
        "agency": [Choice(a.name, a.title) for a in agencies],
        "level": [Choice(name, wording.level(name).label) for name in classification().levels],
        "scan": [Choice(name, wording.scan_of_case(name)) for name in VERDICTS],
        "likeness": [Choice(name, wording.likeness(name)) for name in LIKENESS],
        "sort": [
            Choice(DUE, tk._("Deadline first")),
            Choice("-submitted", tk._("Newest first")),
            Choice(SCAN, tk._("Worst check first")),
            Choice("title", tk._("By title")),
            Choice("agency", tk._("By agency")),
            Choice("state", tk._("By state")),
        ],
    }


def register(portal: flask.Blueprint) -> None:
    """Add the page of the queue."""
    portal.add_url_rule("/satudata/antrean", "queue", queue)

"""Topics: the government affairs of UU 23/2014, and the datasets of each."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ...metadata import codes, naming
from ...metadata.helpers import called
from ...msgids import N_
from ...surface.pages import page
from . import places

FACET = "urusan"
GROUPS = {
    "1": N_("Basic services that the city must provide"),
    "2": N_("Other services that the city must provide"),
    "3": N_("Affairs that the city chose for what it is good at"),
    "5": N_("What supports all affairs"),
}
"""What the first number of a code says (UU 23/2014, articles 11 and 12)."""


def topics() -> str:
    """Show all affairs with how many datasets each has, counted by one search."""
    found = places.find(rows=0, facets=[FACET])
    counts = found.facets.get(FACET, {})
    listed = codes.code_list(FACET)
    groups: dict[str, list[dict[str, Any]]] = {}
    for code in listed.codes.values():
        told = {"code": code.code, "count": counts.get(code.code, 0), **_named(code)}
        groups.setdefault(code.code.partition(".")[0], []).append(told)
    shown = {
        "groups": [
            {"id": key, "title": tk._(GROUPS.get(key, GROUPS["5"])), "topics": members}
            for key, members in groups.items()
        ],
        "without": found.count - sum(counts.get(c, 0) for c in listed.codes),
        "count": found.count,
        "failed": found.failed,
        "source": listed.source,
    }
    return tk.render("satudata/topics.html", shown)


def topic(code: str) -> Any:
    """Show the datasets of one affair, the newest first, and whose they are."""
    known = codes.urusan(code)
    if known is None:
        return tk.abort(404, tk._("There is no topic with this code."))
    words = places.words()
    found = places.find(
        f"+urusan:{places.phrase(known.code)}",
        q=words,
        page=places.number(),
        facets=["organization"],
    )
    shown = {
        "topic": {"code": known.code, **_named(known)},
        "group": tk._(GROUPS.get(known.code.partition(".")[0], GROUPS["5"])),
        "found": found,
        "q": words,
        "agencies": places.agencies(found.facets.get("organization", {})),
    }
    return tk.render("satudata/topic.html", shown)


def _named(code: codes.Code) -> dict[str, str]:
    """Return what a topic is called, and officially where that is something else."""
    return {"label": called(code), "formal": naming.formal(code.label, code.english)}


places.blueprint.add_url_rule("/topik", "topics", page(topics, kept=True, light=True))
places.blueprint.add_url_rule("/topik/<code>", "topic", page(topic, kept=True, light=True))

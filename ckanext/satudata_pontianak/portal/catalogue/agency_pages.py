"""What pages show of an agency beside its datasets: counts by level and freshness, its drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...access.reading import problems
from ...access.search.fields import HELD
from ...access.search.index import LEVEL
from ...agencies import registry
from ...classification.rules.axes import classification
from ...metadata.freshness import Freshness, rules
from ..web import emblem as drawings
from ..web import wording
from . import places

DUE, LATE = "satudata_due_day", "satudata_late_day"


def satudata_agency_counts(organization_id: str) -> dict[str, Any]:
    """Return how many datasets of an agency the reader may know of, by level and freshness.

    What is held back has no level for now. One search, whatever the number of datasets.

    :returns: ``count``; ``levels``: look and count of each level that has datasets, of those held
        back, and of those not decided yet; ``freshness``: state, label and count; ``failed``.
    """
    found = places.find(
        f"+owner_org:{places.phrase(organization_id)}", rows=0, facets=[LEVEL, DUE, LATE]
    )
    by_level = found.facets.get(LEVEL, {})
    levels = [
        {"look": wording.level(name), "count": by_level[name], "name": name}
        for name in (*classification().levels, HELD)
        if by_level.get(name)
    ]
    undecided = found.count - sum(item["count"] for item in levels)
    if undecided > 0:
        levels.append({"look": wording.level(None), "count": undecided, "name": ""})
    return {
        "count": found.count,
        "levels": levels,
        "freshness": _freshness(found),
        "failed": found.failed,
    }


def _freshness(found: places.Found) -> list[dict[str, Any]]:
    """Return how many datasets are fresh, due and late, from the days in the index."""
    now = days.today().isoformat()
    due, late = found.facets.get(DUE, {}), found.facets.get(LATE, {})
    is_late = sum(count for day, count in late.items() if day <= now)
    is_due = sum(count for day, count in due.items() if day <= now) - is_late
    dated = sum(due.values())
    counts = {
        Freshness.FRESH: dated - is_late - is_due,
        Freshness.DUE: is_due,
        Freshness.LATE: is_late,
        Freshness.UNKNOWN: found.count - dated,
    }
    labels = rules().labels
    return [
        {"state": state.value, "label": tk._(labels[state]), "count": count}
        for state, count in counts.items()
        if count > 0
    ]


def emblem(id: str) -> Any:
    """Give the drawing of an agency; of one that is gone what an unknown name gets."""
    agency = registry.agency(id)
    if agency is None or not agency.active:
        return tk.abort(404, tk._("Organization not found"))
    answer = flask.Response(drawings.drawn(agency.name, agency.title), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    answer.headers["Cache-Control"] = problems.OPEN
    answer.add_etag()
    return answer.make_conditional(flask.request.environ)


def satudata_emblem(organization: Mapping[str, Any]) -> str:
    """Return the address of an agency's picture: what it uploaded, else our drawing.

    A picture on another site is not shown: a reader's browser would ask there.

    :param organization: with ``name``, and ``image_url`` where there is one.
    """
    image = str(organization.get("image_url") or "")
    if image and not image.casefold().startswith(("http:", "https:", "//")):
        return str(tk.h.url_for_static(f"uploads/group/{image}"))
    return str(tk.h.url_for("satudata_portal.emblem", id=organization["name"], locale="default"))


places.blueprint.add_url_rule("/organization/<id>/lambang.svg", "emblem", emblem)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        "satudata_agency_counts": satudata_agency_counts,
        "satudata_emblem": satudata_emblem,
    }

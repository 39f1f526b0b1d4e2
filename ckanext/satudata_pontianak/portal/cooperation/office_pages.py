"""Page of an agency from inside: people by office, open items, response times, help."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ..smki.pages import called
from ..web import call
from ..web.request_forms import closed

inside = flask.Blueprint("satudata_office", __name__)


def office(id: str) -> Any:
    """Show an agency from inside."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_agency_office", id=id)
    return closed(tk.render("satudata/cooperation/office.html", {"office": found}))


def satudata_decision_days(agency_id: str) -> dict[str, Any] | None:
    """Return the working days from proposal to decision of an agency, as everybody may know them.

    They are the numbers of transparency; ``None`` where there are too few cases.
    """
    known = registry.load_agencies().get(agency_id)
    if known is None:
        return None
    rows = call.call("satudata_transparency")["days"]["agencies"]
    return next((row for row in rows if row["agency"] in (known.id, known.name)), None)


inside.add_url_rule("/satudata/kerja-sama/perangkat-daerah/<id>", "show", office)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [inside]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_decision_days": satudata_decision_days}

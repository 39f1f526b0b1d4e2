"""Pages of incidents: the list with the hours left, one incident, begin one."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...classification.incidents import steps
from ...classification.incidents.definition import STATES, incident_rules
from ..desk import desks
from ..web import call, form_page, wording
from ..web.forms import Choice, Field
from ..web.request_forms import closed, field, filled, read, tried

PER_PAGE = 20


def incidents() -> Any:
    """List the incidents that the reader may see, the soonest deadline first."""
    if not call.logged_in():
        return call.log_in()
    if not desks.satudata_is_staff():
        return desks.own_desk()
    state = flask.request.args.get("state", "")
    state = state if state in STATES else ""
    page = max(1, flask.request.args.get("page", 1, type=int))
    found = call.call(
        "satudata_incident_list",
        state=state,
        limit=PER_PAGE,
        offset=min((page - 1) * PER_PAGE, 10**9),
    )
    known = incident_rules().states
    shown = {
        "incidents": found["results"],
        "count": found["count"],
        "state": state,
        "states": [Choice(name, tk._(each.label)) for name, each in known.items()],
        "page": page,
        "pages": -(-found["count"] // PER_PAGE) or 1,
    }
    return closed(tk.render("satudata/incidents.html", shown))


def incident(number: str) -> Any:
    """Show an incident and how the reader may end it; take that step."""
    if not call.logged_in():
        return call.log_in()
    try:
        found = call.call("satudata_incident_show", incident=number)
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Incident not found"))
    forms = {end["name"]: _fields(end) for end in found["ends"]}
    name = flask.request.form.get("end", "") if flask.request.method == "POST" else ""
    errors: dict[str, list[str]] = {}
    status = 200
    if name in forms:
        fields = forms[name]
        values = read(fields)
        given = {**values, "incident": found["id"]}
        done, errors, status = tried(
            lambda: call.call(f"satudata_incident_{name}", **given), [f.name for f in fields]
        )
        if done is not None:
            text = tk._("Done: %(step)s. Receipt: %(receipt)s.")
            label = next(end["label"] for end in found["ends"] if end["name"] == name)
            tk.h.flash_success(text % {"step": label, "receipt": done["receipt"]["code"]})
            return tk.redirect_to("satudata.incident", number=found["number"])
        forms[name] = filled(fields, values, errors)
    elif flask.request.method == "POST":
        errors, status = {"": [tk._("You may not take this step.")]}, 403
    shown = {
        "shown": found,
        "forms": [(end, forms[end["name"]]) for end in found["ends"]],
        "kinds": [wording.kind(kind) for kind in found["kinds"]],
        "sent": name,
        "errors": errors,
        "error_fields": forms.get(name, ()),
        "files": {w["version"]: w["file"] for w in (found["exposure"] or {}).get("windows", ())},
    }
    return closed(tk.render("satudata/incident.html", shown), status)


def _fields(end: dict[str, Any]) -> list[Field]:
    return [
        field(
            spec["name"],
            spec["type"],
            spec["label"],
            help=spec["help"],
            required=spec["required"],
            max_length=spec["max_length"],
            form=end["name"],
        )
        for spec in end["fields"]
    ]


def satudata_may_begin_incident(dataset_id: str) -> bool:
    """Tell whether the reader may begin an incident of a dataset that somebody was given."""
    package = model.Package.get(dataset_id)
    if package is None or not call.logged_in():
        return False
    actor = registry.actor_from_context(call.context()).on(package.id, package.owner_org)
    if not steps.may(actor, incident_rules().begun_by, package.owner_org):
        return False
    return steps.was_given(package.id)


def begin(id: str) -> Any:
    """Begin an incident that somebody reported."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    if not satudata_may_begin_incident(dataset["id"]):
        return form_page.closed(dataset, tk._("You may not begin an incident of this dataset."))
    answers = [Choice("false", tk._("No")), Choice("true", tk._("Yes"))]
    now = days.today().isoformat()
    road = form_page.Road(
        title=tk._("Report an incident"),
        intro=tk._(
            "The clock of the law runs from the moment at which the incident was known. Owner "
            "agency, Walidata and PPID are told at once. Hold the data back first."
        ),
        button=tk._("Begin the incident"),
        fields=[
            form_page.field(
                "known_at",
                "line",
                tk._("When it became known"),
                help=tk._("On the city's clock, for example %(example)s.")
                % {"example": f"{now}T14:30"},
                max_length=25,
            ),
            form_page.field(
                "vital",
                "choice",
                tk._("Is a vital information system concerned?"),
                choices=answers,
            ),
            form_page.field(
                "reason",
                "text",
                tk._("What was seen"),
                help=tk._("Name no person in it, and none of the data."),
            ),
        ],
        call=lambda values: call.call("satudata_incident_begin", **{**values, "id": dataset["id"]}),
        done=tk._("The incident has begun."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata.incident", number=attempt.result["number"])
    return form_page.show(dataset, road, attempt)


def satudata_hours(hours: int) -> dict[str, Any]:
    """Return the hours until an incident's deadline in words, and whether it has passed."""
    number = tk.h.satudata_number(abs(hours))
    if hours < 0:
        text = tk.ungettext("{number} hour overdue", "{number} hours overdue", -hours)
    else:
        text = tk.ungettext("{number} hour left", "{number} hours left", hours)
    return {"text": text.format(number=number), "overdue": hours < 0}


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        "satudata_may_begin_incident": satudata_may_begin_incident,
        "satudata_hours": satudata_hours,
    }


def register(portal: flask.Blueprint) -> None:
    """Add the pages of incidents."""
    both = ["GET", "POST"]
    portal.add_url_rule("/satudata/insiden", "incidents", incidents)
    portal.add_url_rule("/satudata/insiden/<number>", "incident", incident, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/insiden", "begin_incident", begin, methods=both)

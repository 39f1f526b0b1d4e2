"""Pages of citizens' reports: report something, follow it by a code, answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.limits import rates
from ...access.reading import problems
from ...agencies import registry
from ...classification.records import reads
from ...jepin.reports import photos
from ...jepin.reports.actions import STATES
from ...jepin.reports.actions import photo as of_report
from ...jepin.rules.point_definition import common
from ...jepin.rules.report_rules import LONGEST_POINT, reports
from ...smki.cooperation import knowing
from ...surface import page_names
from ..smki.pages import called, paged, stepped
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed

of_jepin = flask.Blueprint("satudata_jepin", __name__)


def report(id: str) -> Any:
    """Show the form of a report of a dataset or app, or take it; nobody is asked for a name."""
    package = _dataset(id)
    if flask.request.method == "POST":
        rates.admit("citizens' reports")
    road = _reporting(package)
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata_jepin.followed", code=attempt.result["code"])
    of = {
        "title": tk.h.dataset_display_name(package),
        "url": tk.h.url_for(f"{package['type']}.read", id=package["name"]),
    }
    file = next((r for r in package["resources"] if r["id"] == road.hidden.get("resource")), None)
    return reporting_page(of, attempt, road, tk.h.resource_display_name(file) if file else None)


def reporting_page(
    of: Mapping[str, str], attempt: form_page.Attempt, road: Road, file: str | None = None
) -> Any:
    """Return the page with the form of a report.

    :param of: ``title`` and ``url`` of what is reported.
    :param file: the name of the file that is meant.
    """
    shown = {"of": of, "file": file, "road": road}
    shown |= {"fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render("satudata/jepin/report.html", shown), attempt.status)


def _dataset(id: str) -> dict[str, Any]:
    """Return what may be reported of; of everything else the answer is that for an unknown name."""
    package = call.dataset(id)
    actor = registry.actor_for(tk.current_user.name)
    if package["state"] != "active" or not knowing.may_know(actor, reads.facts_of(package["id"])):
        return tk.abort(404, tk._("Dataset not found"))
    return package


def _reporting(package: Mapping[str, Any]) -> Road:
    rules = reports()
    point = _asked("point")[: LONGEST_POINT + 1]
    file = next((r for r in package["resources"] if r["id"] == _asked("resource")), None)
    offered = rules.kinds_of(point, file["id"] if file else "")
    return Road(
        title=tk._("Report that something is not right"),
        intro=tk._(
            "The agency that answers for it is told. You need no account and give no name: you get "
            "an address at which the answer stands."
        ),
        button=tk._("Send the report"),
        fields=[*asked_of(offered), *([_photo()] if point else [])],
        hidden={
            **({"point": point} if point else {}),
            **({"resource": _asked("resource")} if _asked("resource") else {}),
        },
        call=lambda values: call.call(
            "satudata_jepin_report_create",
            **values,
            point=point,
            resource=_asked("resource"),
            id=package["id"],
        ),
        done=tk._("The report is with the agency. Keep the address of this page."),
    )


def asked_of(offered: Sequence[str]) -> list[Field]:
    """Return what is asked of whoever reports something.

    :param offered: the kinds of which it may be one.
    """
    rules, asked = reports(), flask.request.args.get("kind", "")
    return [
        field(
            "kind",
            "choice",
            tk._("What is not right"),
            choices=[Choice(name, tk._(rules.kinds[name].label)) for name in offered],
            value=asked if asked in offered else None,
        ),
        field(
            "text",
            "text",
            tk._("What more there is to say"),
            help=tk._("Name no person and no number of a person. It is not published."),
            max_length=rules.text.max_length,
            required=False,
        ),
    ]


def _asked(name: str) -> str:
    return flask.request.values.get(name, "").replace("\x00", "").strip()


def _photo() -> Field:
    bounds = common().photos
    return field(
        photos.FIELD,
        "file",
        tk._("A photo of it"),
        help=tk._(
            "JPEG, PNG or WebP, at most %(megabytes)s MB. Show no face and no number plate. It is "
            "never published: the agency sees it until it answers, and then it is erased."
        )
        % {"megabytes": bounds.bytes // 1_000_000},
        required=False,
    )


def photo(number: str, id: str) -> Any:
    """Give a photo of a report to the owner's publishers who answer it; no cache keeps it."""
    if not call.logged_in():
        return call.log_in()
    try:
        actor = registry.actor_from_context(call.context())
        content = of_report({"report": number}, actor, id)
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Not found"))
    response = flask.Response(content, mimetype="image/jpeg")
    response.headers["Cache-Control"] = problems.CLOSED
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Content-Disposition"] = "inline"
    return response


def followed(code: str) -> Any:
    """Show how a report stands, to who has its code."""
    found = called("satudata_jepin_report_show", code=code)
    return closed(tk.render("satudata/jepin/followed.html", {"report": found, "code": code}))


def satudata_sees_reports() -> bool:
    """Tell whether the reader has a desk of citizens' reports."""
    if not call.logged_in():
        return False
    actor = registry.actor_from_context(call.context())
    return actor.active and bool(actor.publishes_for or actor.duties & {*reports().seen_by})


def desk() -> Any:
    """List what citizens reported of what the reader publishes, or sees by duty."""
    if not call.logged_in():
        return call.log_in()
    asked = flask.request.args.get("state", STATES[0])
    state = asked if asked in STATES else STATES[0]
    found = paged("satudata_jepin_report_list", "reports", "satudata_jepin.desk", state=state)
    lists = {"stale": "satudata_point_stale_list", "late": "satudata_jepin_late_list"}
    first = found["page"] == 1
    beside = {key: call.call(name)["results"] if first else [] for key, name in lists.items()}
    shown = {**found, "state": state, **beside}
    return closed(tk.render("satudata/jepin/reports.html", shown))


def answered(number: str) -> Any:
    """Show what was reported of one thing, and answer it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_jepin_report_show", report=number)
    roads = {"answer": _answering(found)} if found["answers"] else {}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_jepin.answered", number=found["number"])
    body = tk.render("satudata/jepin/answered.html", {"report": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _answering(found: Mapping[str, Any]) -> Road:
    rules = reports()
    return Road(
        title=tk._("Answer the reports"),
        intro=tk._("Everybody who reported this reads the answer at the address that they got."),
        button=tk._("Send the answer"),
        fields=[
            field(
                "outcome",
                "choice",
                tk._("Outcome"),
                choices=[Choice(n, tk._(rules.outcomes[n].label)) for n in found["outcomes"]],
            ),
            field(
                "answer",
                "text",
                tk._("Answer to the citizens"),
                help=tk._("What was found and done. Name no person and none of the data."),
                max_length=rules.answer.max_length,
            ),
        ],
        call=lambda values: call.call(
            "satudata_jepin_report_answer", **values, report=str(found["number"])
        ),
        done=tk._("The answer is sent."),
    )


BOTH = ["GET", "POST"]
DESK = "/satudata/jepin/laporan"
of_jepin.add_url_rule("/jepin/lapor/<id>", "report", report, methods=BOTH)
of_jepin.add_url_rule("/jepin/laporan/<code>", "followed", followed)
of_jepin.add_url_rule(DESK, "desk", desk)
of_jepin.add_url_rule(f"{DESK}/<number>", "answered", answered, methods=BOTH)
of_jepin.add_url_rule(f"{DESK}/<number>/foto/<id>", "photo", photo)
page_names.known_as(
    app="layanan.read",
    jepin_report="satudata_jepin.answered",
    jepin_reports="satudata_jepin.desk",
    jepin_reporting="satudata_jepin.report",
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_jepin]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_sees_reports.__name__: satudata_sees_reports}

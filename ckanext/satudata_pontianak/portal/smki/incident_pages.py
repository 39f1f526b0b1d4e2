"""Pages of incidents of information security: report one, write measures, conclude it, letters."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...classification.rules import indonesian
from ...smki.incidents import LONGEST
from ...smki.rules.incident_rules import security_incidents
from ...sop.files import official_files, official_word
from ...sop.papers import incident_letter
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from .pages import HOME, called, form, naming, on_dataset, paged, security, stepped

WRITERS = {"pdf": official_files.pdf, "docx": official_word.docx}


def incidents() -> Any:
    """List the incidents that the reader sees, and report one."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_smki_incident_list", "incidents", "satudata_smki.incidents")
    road = _reporting()
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.incident", number=attempt.result["number"])
    return form("satudata/smki/incidents.html", road, attempt, **found)


def incident(number: str) -> Any:
    """Show an incident, and take what the reader may do in it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_incident_show", incident=number)
    roads: dict[str, Road] = {}
    if found["handles"]:
        roads |= {"measure": _measuring(found), "judge": _judging(found)}
    if found["names"]:
        roads["dataset_add"] = _naming(found)
    if found["concludes"]:
        if found["datasets"]:
            roads["dataset_remove"] = _taking_out(found)
        roads["conclude"] = _concluding(found)
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_smki.incident", number=found["number"])
    body = tk.render("satudata/smki/incident.html", {"incident": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def exposure(number: str, id: str) -> Any:
    """Show who had the data of a dataset since an incident was known."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_incident_exposure", incident=number, id=id)
    files = {w["version"]: w["file"] for w in found["exposure"]["windows"]}
    shown = {"number": number, "found": found, "files": files}
    return closed(tk.render("satudata/smki/incident_exposure.html", shown))


def notice_draft(number: str, name: str, form: str) -> Any:
    """Give the draft of a letter as PDF or DOCX; a person completes, signs and sends it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_incident_show", incident=number)
    notice = security_incidents().notices.get(name)
    if notice is None or form not in WRITERS:
        return tk.abort(404, tk._("Not found"))
    paper = incident_letter.letter(found, notice, days.today(), indonesian.translator())
    response = flask.Response(WRITERS[form](paper), mimetype=official_files.TYPES[form])
    named = f"surat-insiden-{found['number']}-{name}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _text(name: str, *, required: bool = True) -> Field:
    spec = security_incidents().texts[name]
    said = tk._(spec.help) if spec.help else ""
    return field(name, "text", tk._(spec.label), help=said, max_length=LONGEST, required=required)


def _flag(name: str, label: str, *, value: bool = False) -> Field:
    answers = [Choice("false", tk._("No")), Choice("true", tk._("Yes"))]
    return field(name, "choice", label, choices=answers, value="true" if value else "false")


def _severity(value: str | None = None) -> Field:
    graded = security_incidents().severities.items()
    choices = [Choice(name, tk._(each.label)) for name, each in graded]
    return field("severity", "choice", tk._("How grave it is"), choices=choices, value=value)


def _moment(name: str, label: str) -> Field:
    return field(name, "moment", label, help=tk._("On the city's clock (WIB)."))


def _flags(found: dict[str, Any] | None = None) -> list[Field]:
    given = found or {}
    return [
        _flag("personal", tk._("Are personal data concerned?"), value=given.get("personal", False)),
        _flag(
            "vital",
            tk._("Is a vital information system concerned?"),
            value=given.get("vital", False),
        ),
    ]


def _reporting() -> Road:
    kinds = [Choice(n, tk._(kind.label)) for n, kind in security_incidents().kinds.items()]
    return Road(
        title=tk._("Report an incident of information security"),
        intro=tk._(
            "Whoever works here reports what they see. The response team is told at once. Name no "
            "person and none of the data."
        ),
        button=tk._("Report the incident"),
        fields=[
            field("kind", "choice", tk._("What happened"), choices=kinds),
            _severity(),
            _moment("known_at", tk._("When it became known")),
            *_flags(),
            _text("what"),
        ],
        call=lambda values: call.call("satudata_smki_incident_report", **values),
        done=tk._("The incident is reported."),
    )


def _measuring(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Write down a measure"),
        intro="",
        button=tk._("Write down"),
        fields=[_moment("at", tk._("When it was done")), _text("measure")],
        call=lambda values: call.call(
            "satudata_smki_incident_measure", **values, incident=found["id"]
        ),
        done=tk._("The measure is written down."),
    )


def _judging(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Judge it anew"),
        intro=tk._("The clock runs from the hour at which it was known, whatever is judged later."),
        button=tk._("Judge it anew"),
        fields=[_severity(found["severity"]), *_flags(found)],
        call=lambda values: call.call(
            "satudata_smki_incident_judge", **values, incident=found["id"]
        ),
        done=tk._("The incident is judged anew."),
    )


def _naming(found: dict[str, Any]) -> Road:
    return naming(
        tk._("Name a dataset that it concerns"),
        tk._("Others see it here only if they may know of it."),
        "satudata_smki_incident_dataset_add",
        incident=found["id"],
    )


def _taking_out(found: dict[str, Any]) -> Road:
    choices = [Choice(each["id"], each["title"]) for each in found["datasets"]]
    return Road(
        title=tk._("Take a dataset out again"),
        intro="",
        button=tk._("Take it out"),
        fields=[field("id", "choice", tk._("Dataset"), choices=choices)],
        call=lambda values: on_dataset(
            "satudata_smki_incident_dataset_remove", values, incident=found["id"]
        ),
        done=tk._("The dataset is taken out."),
    )


def _concluding(found: dict[str, Any]) -> Road:
    told = []
    for notice in found["notices"]:
        told += [
            field(
                f"{notice['name']}_told",
                "date",
                tk._("Day of the notice: %(who)s") % {"who": notice["label"]},
                required=False,
            ),
            field(
                f"{notice['name']}_reason",
                "text",
                tk._("Or why there was none: %(who)s") % {"who": notice["label"]},
                max_length=LONGEST,
                required=False,
            ),
        ]
    return Road(
        title=tk._("Conclude the incident"),
        intro="",
        button=tk._("Conclude the incident"),
        fields=[*(_text(name) for name in ("exposed", "cause", "lessons")), *told],
        call=lambda values: call.call(
            "satudata_smki_incident_conclude", **values, incident=found["id"]
        ),
        done=tk._("The incident is concluded."),
    )


BOTH = ["GET", "POST"]
security.add_url_rule(f"{HOME}/insiden", "incidents", incidents, methods=BOTH)
security.add_url_rule(f"{HOME}/insiden/<number>", "incident", incident, methods=BOTH)
security.add_url_rule(f"{HOME}/insiden/<number>/dataset/<id>", "exposure", exposure)
security.add_url_rule(f"{HOME}/insiden/<number>/surat/<name>.<form>", "notice_draft", notice_draft)
page_names.known_as(smki_incident="satudata_smki.incident")

"""Pages of personal data: its desk, requests of data subjects, impact assessments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...smki.personal_data import subject_requests
from ...smki.personal_data.subject_requests import LONGEST, LONGEST_NUMBER
from ...smki.rules.personal_data import personal_data
from ...surface import page_names
from ..catalogue import places
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from .pages import HOME, called, form, naming, on_dataset, paged, stepped

of_persons = flask.Blueprint("satudata_smki_personal", __name__)

FEW, MOST = 10, 500
REGISTER = "pemrosesan"
STATES = ("open", "answered", "all")
SEARCH, LONGEST_SEARCH = "search", 200


def desk() -> Any:
    """Show what waits for the Pejabat PDP, and for who acts until one is named."""
    if not call.logged_in():
        return call.log_in()
    if not subject_requests.sees_all(registry.actor_from_context(call.context())):
        return tk.abort(403, tk._("This desk is for the Pejabat PDP, PPID and the auditor."))
    found = paged("satudata_smki_assessment_list", "assessments", "satudata_smki_personal.desk")
    incidents = call.call("satudata_smki_incident_list", limit=MOST)["results"]
    registers = call.call("satudata_smki_register_list")
    shown = {
        "requests": call.call("satudata_smki_subject_list", state="open", limit=FEW),
        "incidents": [one for one in incidents if one["personal"] and one["state"] == "open"],
        "tasks": _tasks(),
        "register": next((one for one in registers if one["register"] == REGISTER), None),
    }
    return closed(tk.render("satudata/smki/personal_data.html", {**found, **shown}))


def _tasks() -> list[dict[str, Any]]:
    """Return the open tasks of who answers for personal data, by their deadline."""
    role = personal_data().requests.concluded_by
    found = call.call("satudata_smki_task_list", state="open", limit=MOST)["results"]
    return [one for one in found if one["role"] == role]


def satudata_sees_personal_desk() -> bool:
    """Tell whether the reader sees the desk of personal data."""
    return call.logged_in() and subject_requests.sees_all(
        registry.actor_from_context(call.context())
    )


def assessment(id: str) -> Any:
    """Show how impact assessments of a dataset stand; write one, or conclude it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_assessment_show", id=id)
    roads: dict[str, Road] = {}
    if found["concludes"]:
        roads["conclude"] = _concluding(found)
    if found["writes"]:
        roads["write"] = _writing(found)
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_smki_personal.assessment", id=found["name"])
    body = tk.render("satudata/smki/assessment.html", {"found": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _writing(found: dict[str, Any]) -> Road:
    rules, waits = personal_data().assessment, found["waiting"]
    before = {one["name"]: one["text"] for one in waits["texts"]} if waits else {}
    said = tk._("Tick what is so. What is ticked makes the decision wait until this is concluded.")
    return Road(
        title=tk._("Write the assessment anew") if waits else tk._("Write the assessment"),
        intro=tk._(
            "What the portal knows stands above and is kept with it. Write what only a person "
            "knows."
        ),
        button=tk._("Hand in the assessment"),
        fields=[
            *(
                field(
                    name,
                    "text",
                    tk._(spec.label),
                    help=tk._(spec.help),
                    max_length=LONGEST,
                    value=before.get(name),
                )
                for name, spec in rules.texts.items()
            ),
            field(
                "criteria",
                "agencies",
                tk._("What applies to this processing"),
                help=said,
                choices=[Choice(name, tk._(each.label)) for name, each in rules.criteria.items()],
                required=False,
            ),
        ],
        call=lambda values: call.call("satudata_smki_assessment_write", **values, id=found["id"]),
        done=tk._("The assessment is handed in. Somebody else concludes it."),
    )


def _concluding(found: dict[str, Any]) -> Road:
    opinions = personal_data().assessment.opinions.items()
    return Road(
        title=tk._("Conclude the assessment"),
        intro="",
        button=tk._("Conclude the assessment"),
        fields=[
            field(
                "opinion",
                "choice",
                tk._("Opinion"),
                choices=[Choice(name, tk._(each.label)) for name, each in opinions],
            ),
            field(
                "reasons",
                "text",
                tk._("Reasons"),
                help=tk._("Name no person and none of the data."),
                max_length=LONGEST,
            ),
        ],
        call=lambda values: call.call(
            "satudata_smki_assessment_conclude", **values, id=found["id"]
        ),
        done=tk._("The assessment is concluded."),
    )


def requests() -> Any:
    """List the requests of data subjects that the reader sees, and record one."""
    if not call.logged_in():
        return call.log_in()
    asked = flask.request.args.get("state", STATES[0])
    state = asked if asked in STATES else STATES[0]
    endpoint = "satudata_smki_personal.requests"
    found = paged("satudata_smki_subject_list", "requests", endpoint, state=state)
    road = _recording()
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki_personal.request", number=attempt.result["number"])
    return form("satudata/smki/subject_requests.html", road, attempt, **found, state=state)


def request(number: str) -> Any:
    """Show a request of a data subject, and take what the reader may do in it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_subject_show", request=number)
    roads: dict[str, Road] = {}
    if found["checks"]:
        roads["identify"] = _identifying(found)
    if found["names"]:
        roads["name"] = _naming(found)
    if found["answers"]:
        roads["answer"] = _answering(found)
    if found["answers"] and found["datasets"]:
        roads["take_out"] = _taking_out(found)
    if found["names"] and flask.request.form.get("act") == SEARCH:
        # Sent as a form: words of a search stand in no address that a log keeps.
        return _searched(found, roads)
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_smki_personal.request", number=found["number"])
    body = tk.render("satudata/smki/subject_request.html", {"request": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _record(values: Mapping[str, Any]) -> Any:
    """Record a request; a dataset that is not there, or not for them, is told at its field."""
    try:
        return call.call("satudata_smki_subject_record", **values)
    except tk.ObjectNotFound as missing:
        raise tk.ValidationError({"id": [str(missing.message)]}) from None


def _recording() -> Road:
    rules = personal_data().requests
    kinds = [Choice(name, tk._(kind.label)) for name, kind in rules.kinds.items()]
    channels = [Choice(name, tk._(each.label)) for name, each in rules.channels.items()]
    return Road(
        title=tk._("Record a request of a data subject"),
        intro=tk._(
            "Write neither name nor number of whoever asks: they stand in the letter. The clock "
            "runs from the hour at which it came in."
        ),
        button=tk._("Record the request"),
        fields=[
            field("kind", "choice", tk._("What is asked"), choices=kinds),
            field("channel", "choice", tk._("How it came in"), choices=channels),
            field(
                "received_at",
                "moment",
                tk._("When it came in"),
                help=tk._("On the city's clock (WIB)."),
            ),
            _number("agenda", tk._("Agenda number of the letter")),
            field(
                "id",
                "line",
                tk._("Dataset that it is about"),
                help=tk._("Its name as it stands in its address, if one is named."),
                max_length=100,
                required=False,
            ),
        ],
        call=_record,
        done=tk._("The request is recorded."),
    )


def _number(name: str, label: str) -> Field:
    said = tk._("The number of the letter, never a number of a person.")
    return field(name, "line", label, help=said, max_length=LONGEST_NUMBER)


def _identifying(found: dict[str, Any]) -> Road:
    proofs = personal_data().requests.proofs.items()
    return Road(
        title=tk._("Write down by what it was shown who asks"),
        intro=tk._("Nothing is told before it is shown. The proof itself is not kept here."),
        button=tk._("Write down"),
        fields=[
            field(
                "proof",
                "choice",
                tk._("How it was shown"),
                choices=[Choice(name, tk._(each.label)) for name, each in proofs],
            )
        ],
        call=lambda values: call.call(
            "satudata_smki_subject_identify", **values, request=found["id"]
        ),
        done=tk._("It is written down."),
    )


def _naming(found: dict[str, Any]) -> Road:
    return naming(
        tk._("Name a dataset that holds the person's data"),
        tk._(
            "Several may be named, one after the other. Others see it here only if they may know "
            "of it."
        ),
        "satudata_smki_subject_dataset_add",
        request=found["id"],
    )


def _searched(found: dict[str, Any], roads: Mapping[str, Road]) -> Any:
    """Show the datasets that the reader finds by a few words, to name one of them."""
    text = flask.request.form.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    hits = places.find(q=text, rows=FEW).datasets if text else ()
    drawn = {
        "forms": [(name, road, road.fields) for name, road in roads.items()],
        "sent": "name",
        "errors": {},
        "fields": (),
        "q": text,
        "hits": hits,
    }
    return closed(tk.render("satudata/smki/subject_request.html", {"request": found, **drawn}))


def _taking_out(found: dict[str, Any]) -> Road:
    choices = [Choice(each["id"], each["title"]) for each in found["datasets"]]
    return Road(
        title=tk._("Take a dataset out"),
        intro=tk._("It holds no data of the person after all. That it was named stays recorded."),
        button=tk._("Take it out"),
        fields=[field("id", "choice", tk._("Dataset"), choices=choices)],
        call=lambda values: on_dataset(
            "satudata_smki_subject_dataset_remove", values, request=found["id"]
        ),
        done=tk._("The dataset is taken out."),
    )


def _answering(found: dict[str, Any]) -> Road:
    grounds, identified = personal_data().requests.grounds, found["state"] == "identified"
    outcomes = [Choice("fulfilled", tk._("Fulfilled"))] if identified else []
    return Road(
        title=tk._("Answer the request"),
        intro="" if identified else tk._("Until it is shown who asks, it can only be refused."),
        button=tk._("Record the answer"),
        fields=[
            field(
                "outcome",
                "choice",
                tk._("Outcome"),
                choices=[*outcomes, Choice("refused", tk._("Refused"))],
            ),
            field(
                "ground",
                "choice",
                tk._("Ground of the refusal"),
                choices=[Choice(name, tk._(grounds[name].label)) for name in found["grounds"]],
                required=not identified,
            ),
            field(
                "answer",
                "text",
                tk._("What was told or done"),
                help=tk._("Name no person and none of the data."),
                max_length=LONGEST,
            ),
            _number("letter", tk._("Number of the letter that answers it")),
        ],
        call=lambda values: call.call(
            "satudata_smki_subject_answer", **values, request=found["id"]
        ),
        done=tk._("The answer is recorded."),
    )


BOTH = ["GET", "POST"]
PLACE = f"{HOME}/data-pribadi"
of_persons.add_url_rule(PLACE, "desk", desk)
of_persons.add_url_rule(f"{PLACE}/penilaian/<id>", "assessment", assessment, methods=BOTH)
of_persons.add_url_rule(f"{PLACE}/permintaan", "requests", requests, methods=BOTH)
of_persons.add_url_rule(f"{PLACE}/permintaan/<number>", "request", request, methods=BOTH)
page_names.known_as(smki_subject="satudata_smki_personal.request")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_persons]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_sees_personal_desk.__name__: satudata_sees_personal_desk}

"""Pages of personal data: requests of data subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...smki.personal_data.subject_requests import LONGEST, LONGEST_NUMBER
from ...smki.rules.personal_data import personal_data
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from .pages import HOME, called, form, paged, stepped

of_persons = flask.Blueprint("satudata_smki_personal", __name__)

STATES = ("open", "answered", "all")


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
    if found["answers"]:
        roads["answer"] = _answering(found)
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
    example = f"{days.today().isoformat()}T09:15"
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
                "line",
                tk._("When it came in"),
                help=tk._("On the city's clock, for example %(example)s.") % {"example": example},
                max_length=25,
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
of_persons.add_url_rule(f"{PLACE}/permintaan", "requests", requests, methods=BOTH)
of_persons.add_url_rule(f"{PLACE}/permintaan/<number>", "request", request, methods=BOTH)
page_names.known_as(smki_subject="satudata_smki_personal.request")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_persons]

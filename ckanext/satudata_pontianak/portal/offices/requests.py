"""Pages of requests for access: ask, follow one's own, answer, object, revoke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import flask
from msgspec.structs import asdict

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...classification.cases import record
from ...classification.grants import grants
from ...classification.grants.request_definition import request_rules
from ...classification.grants.request_fields import WHOLE
from ...classification.grants.request_rules import HOLDER_LABELS, check_may_ask
from ...classification.records.reads import facts_of, pointers_of
from ...classification.requests import steps
from ...classification.rules.policy import Channel, as_governed, decide
from ...classification.rules.refusals import Refused
from ...surface import page_names
from ...surface.pages import page
from ..web import call, form_page
from ..web.forms import Choice, Field, line_ends
from ..web.request_forms import closed, field, filled, note, read, tried
from . import request_mailbox

PER_PAGE = 20
STEPS = {
    "grant": "satudata_access_request_decide",
    "refuse": "satudata_access_request_decide",
    **{
        name: f"satudata_access_request_{name}"
        for name in ("extend", "send_back", "reopen", "object", "withdraw")
    },
}


def satudata_may_ask(dataset_id: str) -> bool:
    """Tell whether the reader may ask for the data of a dataset that is closed to them."""
    actor = registry.actor_from_context(call.context())
    facts = as_governed(facts_of(dataset_id))
    if not decide(actor, facts, Channel.EXISTS):
        return False
    try:
        check_may_ask(actor, facts, request_rules(), record.engine().rules)
    except Refused:
        return False
    return True


def ask(id: str) -> Any:
    """Show the form of a request, or take it."""
    dataset = call.dataset(id)
    if not satudata_may_ask(dataset["id"]):
        return form_page.closed(
            dataset, tk._("There is nothing to ask for: these data are open to you, or held back.")
        )
    fields = _ask_fields(dataset)
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    status = 200
    if flask.request.method == "POST":
        values = read(fields)
        done, errors, status = tried(
            lambda: call.call("satudata_access_request_create", **{**values, "id": dataset["id"]}),
            [each.name for each in fields],
        )
        if done is not None and "id" in done:
            tk.h.flash_success(tk._("Your request was received."))
            return tk.redirect_to("satudata.request", request_id=done["id"])
        if done is not None:
            return note(tk._("Confirm your request"), f"{done['message']} {_after()}")
        fields = filled(fields, values, errors)
    road = form_page.Road(
        screen="ask",
        title=tk._("Ask for access"),
        intro=tk._(
            "Say what you need the data for and until when. You are answered within {days} working "
            "days; against a refusal or silence you can object."
        ).format(days=_answered_within()),
        button=tk._("Send the request"),
        fields=fields,
        call=lambda _values: None,
    )
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "road": road,
        "fields": fields,
        "errors": errors,
    }
    return closed(tk.render("satudata/side_road.html", shown), status)


def _answered_within() -> int:
    return request_rules().states["open"].due_working_days or 0


def _after() -> str:
    """Say what somebody without an account gets, and how they come back."""
    return tk._(
        "With the confirmation you get the number of the request, the day by which it is answered, "
        "{days} working days later, and an address that leads back to it."
    ).format(days=_answered_within())


def _longest(dataset_id: str) -> str:
    """Say until when the reader may ask for access at most."""
    official = bool(registry.actor_from_context(call.context()).member_of)
    road = request_rules().roads.get(steps.road_to(dataset_id, official=official) or "")
    if road is None:
        return ""
    last = days.today() + dt.timedelta(days=road.longest_days)
    said = tk._("At most {number} days from today: until {day}.")
    return said.format(number=road.longest_days, day=tk.h.satudata_day(last.isoformat()))


def _ask_fields(dataset: dict[str, Any]) -> list[Field]:
    most = request_rules().limits.purpose.max_length
    found = [
        field(
            "purpose",
            "text",
            tk._("What you need the data for"),
            help=tk._("At least a sentence. Whoever answers reads it; name no other person in it."),
            max_length=most,
        ),
        field("until", "date", tk._("Access until"), help=_longest(dataset["id"])),
    ]
    resources = [r for r in dataset["resources"] if r["id"] in pointers_of([dataset["id"]])]
    if len(resources) > 1:
        named = [Choice(r["id"], r.get("name") or tk._("File")) for r in resources]
        text = tk._("Choose none to ask for the whole dataset.")
        label = tk._("Files")
        found.append(field("scope", "agencies", label, help=text, required=False, choices=named))
    actor = registry.actor_from_context(call.context())
    if len(actor.member_of) > 1:
        agencies = [a for a in map(registry.agency, sorted(actor.member_of)) if a]
        choices = [Choice(a.name, a.title) for a in agencies]
        found.append(field("agency", "choice", tk._("For which agency"), choices=choices))
    if actor.anonymous:
        text = tk._("A link is sent there. Without it the request is not read.")
        help_ = f"{text} {form_page.mailbox_notice()}"
        found.append(field("email", "email", tk._("Your e-mail address"), help=help_))
    return found


def mine() -> Any:
    """Show the reader's own requests."""
    return _list(desk=False)


def desk() -> Any:
    """Show the requests that the reader can act on as an answerer, soonest deadline first."""
    return _list(desk=True)


def _list(*, desk: bool) -> Any:
    if not call.logged_in():
        return call.log_in()
    text = flask.request.args.get("page", "")
    page = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1
    page = max(1, page)
    found = call.call(
        "satudata_access_request_list", desk=desk, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    shown = {
        "requests": found["results"],
        "count": found["count"],
        "desk": desk,
        "page": page,
        "pages": max(1, -(-found["count"] // PER_PAGE)),
        "today": days.today(),
    }
    return closed(tk.render("satudata/requests.html", shown))


def show(request_id: str) -> Any:
    """Show one request with the steps that the reader may take, or take one."""
    if not call.logged_in():
        return call.log_in()
    return _one({"request": request_id}, flask.url_for("satudata.request", request_id=request_id))


def follow(token: str) -> Any:
    """Show a request to whoever asked without an account, by the link in a mail."""
    return _one({"token": token}, flask.url_for("satudata.request_follow", token=token))


def _one(key: dict[str, str], address: str) -> Any:
    try:
        shown = call.call("satudata_access_request_show", **key)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Request not found"))
    except tk.ValidationError as refusal:
        texts = call.errors_by_field(refusal.error_dict, ()).get("", [])
        return note(tk._("This is not possible"), " ".join(texts), 404)
    labels = _files(shown)
    forms = [_form(step, shown, labels) for step in shown["transitions"]]
    errors: dict[str, list[str]] = {}
    status, sent = 200, ""
    if flask.request.method == "POST":
        sent = flask.request.form.get("transition", "")
        form = next((f for f in forms if f["name"] == sent), None)
        if form is None:
            errors, status = {"": [tk._("You may not take this step.")]}, 403
        else:
            values = read(form["fields"])
            extra = {"grant": sent == "grant"} if sent in ("grant", "refuse") else {}
            done, errors, status = tried(
                lambda: call.call(STEPS[sent], **values, **extra, **key),
                [each.name for each in form["fields"]],
            )
            if done is not None:
                tk.h.flash_success(tk._("Done: %(step)s.") % {"step": form["label"]})
                return tk.redirect_to(address)
            form["fields"] = filled(form["fields"], values, errors)
    page = {
        "shown": shown,
        "forms": forms,
        "errors": errors,
        "sent": sent,
        "address": address,
        "files": labels,
        "whole": WHOLE,
        "error_fields": [f for form in forms if form["name"] == sent for f in form["fields"]],
        "today": days.today(),
        "may_revoke": _may_revoke(shown),
        "by_link": "token" in key,
    }
    return closed(tk.render("satudata/request.html", page), status)


def _files(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return resource → its name, as far as the dataset is for the reader."""
    if not shown["dataset_id"]:
        return {}
    try:
        dataset = call.call("package_show", id=shown["dataset_id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {}
    return {r["id"]: r.get("name") or tk._("File") for r in dataset["resources"]}


def _form(
    step: Mapping[str, Any], shown: Mapping[str, Any], files: Mapping[str, str]
) -> dict[str, Any]:
    """Return the form of a step as it is drawn."""
    asked = shown["proposed"] or shown
    fields = []
    for spec in step["fields"]:
        more: dict[str, Any] = {"required": spec["required"], "form": step["name"]}
        if spec["type"] == "resources":
            wanted = asked["scope"]
            chosen = list(files) if wanted == WHOLE else wanted
            if len(chosen) < 2:
                continue
            more["choices"] = [Choice(r, files.get(r, r)) for r in chosen]
            more["value"] = [] if wanted == WHOLE else chosen
            more["help"] = tk._("Choose none to give what was asked for.")
            fields.append(field(spec["name"], "agencies", spec["label"], **more))
            continue
        if spec["type"] == "date":
            more["value"] = asked["until"]
        more["max_length"] = spec["max_length"]
        fields.append(field(spec["name"], spec["type"], spec["label"], **more))
    return {**step, "fields": fields}


def _may_revoke(shown: Mapping[str, Any]) -> bool:
    grant = shown["grant"]
    if not grant or grant["ended"] or not call.logged_in():
        return False
    package = model.Package.get(grant["dataset_id"])
    actor = registry.actor_from_context(call.context())
    return package is not None and grants.may_revoke(actor, package.id, package.owner_org)


def revoke(request_id: str) -> Any:
    """Take back what a request was granted."""
    if not call.logged_in():
        return call.log_in()
    sent = flask.request.form
    done, errors, _ = tried(
        lambda: call.call(
            "satudata_access_grant_revoke",
            grant=sent.get("grant", "").replace("\x00", ""),
            reason=line_ends(sent.get("reason", "").replace("\x00", "")),
        ),
        (),
    )
    if done is not None:
        tk.h.flash_success(tk._("The access has ended. Nothing is given any more."))
    for text in errors.get("", ()):
        tk.h.flash_error(text)
    return tk.redirect_to("satudata.request", request_id=request_id)


def procedure() -> Any:
    """Show how access is asked for: the definition as it is enforced, to everyone."""
    rules = request_rules()
    labels = {name: tk._(state.label) for name, state in rules.states.items()}
    shown = {
        "roads": [
            {
                **asdict(road),
                "label": tk._(road.label),
                "answered_by": [tk._(HOLDER_LABELS[who]) for who in road.answered_by],
            }
            for road in rules.roads.values()
        ],
        "states": [
            {**asdict(state), "label": labels[name]} for name, state in rules.states.items()
        ],
        "steps": [
            {
                **asdict(step),
                "label": tk._(step.label),
                "step": tk._(step.step),
                "source": labels[step.source],
                "target": labels[step.target],
            }
            for step in rules.transitions
        ],
        "extension": rules.extension.working_days,
        "objection": rules.objection.within_working_days,
    }
    return tk.render("satudata/request_procedure.html", shown)


def register(portal: flask.Blueprint) -> None:
    """Add the pages of requests."""
    both = ["GET", "POST"]
    base = "/satudata/permohonan"
    portal.add_url_rule("/satudata/akses/<id>", "request_ask", ask, methods=both)
    portal.add_url_rule(base, "requests", mine)
    portal.add_url_rule("/satudata/prosedur/akses", "request_procedure", page(procedure))
    portal.add_url_rule(f"{base}/meja", "request_desk", desk)
    portal.add_url_rule(
        f"{base}/konfirmasi/<token>", "request_confirm", request_mailbox.confirm, methods=both
    )
    portal.add_url_rule(f"{base}/ikuti/<token>", "request_follow", follow, methods=both)
    portal.add_url_rule(
        f"{base}/izin/<token>", "request_claim", request_mailbox.claim, methods=both
    )
    portal.add_url_rule(f"{base}/<request_id>", "request", show, methods=both)
    portal.add_url_rule(f"{base}/<request_id>/cabut", "request_revoke", revoke, methods=["POST"])
    page_names.known_as(
        request="satudata.request",
        request_confirm="satudata.request_confirm",
        request_follow="satudata.request_follow",
        request_claim="satudata.request_claim",
        requests="satudata.request_procedure",
    )


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_may_ask": satudata_may_ask}

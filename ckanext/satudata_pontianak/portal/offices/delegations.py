"""The delegations of an agency on a page: who stands in for whom, on which days (Plh/Plt)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import capacities, registry
from ...agencies.rules import delegation
from ...agencies.rules.duties import Actor, Agency
from ...agencies.rules.memberships import DECREE_LENGTH
from ...agencies.words import duty_label
from ..web import call, form_page
from ..web.form_page import Attempt, Road, field
from ..web.forms import Choice
from .decrees import satudata_decree_choices

delegations = flask.Blueprint("satudata_delegations", __name__)


@dataclass(frozen=True)
class Part:
    """The delegations of one time: those that run, those to come, those that ended."""

    title: str
    items: Sequence[dict[str, Any]]
    may_end: bool


def _actor() -> Actor:
    return registry.actor_from_context(call.context())


def _body(id: str) -> Agency:
    """Return the agency, or answer as for an unknown name."""
    return registry.agency(id) or tk.abort(404, tk._("Organization not found"))


def _listed(body: Agency) -> list[dict[str, Any]]:
    return call.call("satudata_delegation_list", organization=body.id)


def satudata_may_see_delegations(id: str) -> bool:
    """Tell whether the reader sees delegations of an agency, or may make one."""
    body = registry.agency(id)
    if body is None or not call.logged_in():
        return False
    actor = _actor()
    if delegation.may_delegate(actor, body) or delegation.sees_all(actor):
        return bool(body.deciding) or bool(_listed(body))
    return bool(_listed(body))


def _parts(body: Agency, may_end: bool) -> list[Part]:
    today = days.today().isoformat()
    now: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    over: list[dict[str, Any]] = []
    items = _listed(body)
    names = _full_names({item["user"] for item in items})
    for item in items:
        ended = item["revoked"] or item["until"] < today
        part = over if ended else now if item["from"] <= today else later
        part.append({**item, "person": names.get(item["user"], item["user"])})
    return [
        Part(tk._("Running now"), now, may_end),
        Part(tk._("To come"), later, may_end),
        Part(tk._("Ended"), over, False),
    ]


def _full_names(names: set[str]) -> dict[str, str]:
    query = sa.select(model.User.name, model.User.fullname).where(model.User.name.in_(names))
    return {row.name: row.fullname or row.name for row in model.Session.execute(query)}


def _members(body: Agency) -> list[Choice]:
    """Return who is at hand: active members of the body who do not hold its duties already."""
    people = [i for i, capacity in capacities.members_of(body.id).items() if capacity != "admin"]
    query = sa.select(model.User.name, model.User.fullname).where(
        model.User.id.in_(people), model.User.state == "active"
    )
    found = [Choice(r.name, r.fullname or r.name) for r in model.Session.execute(query)]
    return sorted(found, key=lambda choice: choice.label.casefold())


def _road(body: Agency) -> Road:
    return Road(
        screen="delegate",
        title=tk._("Delegate the duties"),
        intro=tk._(
            "The person gets these duties on these days and nothing else. Who took one part in a "
            "case takes no second one, also as a delegate."
        ),
        button=tk._("Delegate"),
        fields=[
            field(
                "user",
                "line",
                tk._("Username of the person"),
                help=tk._(
                    "Type a name to search among the members of this agency. Somebody else can "
                    "be named as well, by username."
                ),
                suggestions=_members(body),
            ),
            field("from", "date", tk._("First day"), value=days.today().isoformat()),
            field(
                "until",
                "date",
                tk._("Last day"),
                help=tk._("Included; at most {days} days in all.").format(
                    days=delegation.LONGEST_DAYS
                ),
            ),
            field(
                "nomor_sk",
                "line",
                tk._("Decree number (SK)"),
                help=tk._("A decree that is recorded: see the page of decrees."),
                max_length=DECREE_LENGTH,
                suggestions=satudata_decree_choices(body.id),
            ),
        ],
        call=lambda values: call.call(
            "satudata_delegation_create", **{**values, "organization": body.id}
        ),
        done=tk._("The duties are delegated. It was recorded."),
    )


def show(id: str) -> Any:
    """Show the delegations of an agency; lay its duties on somebody."""
    if not call.logged_in():
        return call.log_in()
    body = _body(id)
    actor = _actor()
    may = delegation.may_delegate(actor, body)
    if not may and not delegation.sees_all(actor) and not _listed(body):
        return tk.abort(403, tk._("You may not see the delegations of this agency."))
    road = _road(body) if may and body.deciding else None
    attempt = Attempt((), {}, 200)
    if road is None and flask.request.method == "POST":
        text = tk._(
            "Duties are delegated by an admin of the body that holds them, or by a system "
            "administrator, with a decree number"
        )
        attempt = Attempt((), {"": [text]}, 403)
    elif road is not None:
        attempt = form_page.travel(road)
        if attempt.done:
            return tk.redirect_to("satudata_delegations.show", id=body.name)
    shown = {
        "body": body,
        "duties": [duty_label(duty) for duty in sorted(body.deciding)],
        "parts": _parts(body, may),
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return flask.make_response(tk.render("satudata/delegations.html", shown), attempt.status)


def end(id: str, delegation_id: str) -> Any:
    """End one delegation at once."""
    if not call.logged_in():
        return call.log_in()
    body = _body(id)
    if delegation_id not in {item["id"] for item in _listed(body)}:
        return tk.abort(404, tk._("Delegation not found"))
    try:
        call.call("satudata_delegation_revoke", id=delegation_id)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or tk._("You may not take this step.")))
    except tk.ValidationError as refusal:
        errors = call.errors_by_field(refusal.error_dict, ())
        tk.h.flash_error(" ".join(errors.get("", ())))
    else:
        tk.h.flash_success(tk._("The delegation has ended. The end was recorded."))
    return tk.redirect_to("satudata_delegations.show", id=body.name)


BASE = "/satudata/perangkat-daerah/<id>/pelimpahan"
delegations.add_url_rule(BASE, "show", show, methods=["GET", "POST"])
delegations.add_url_rule(f"{BASE}/<delegation_id>/akhiri", "end", end, methods=["POST"])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_may_see_delegations": satudata_may_see_delegations}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [delegations]

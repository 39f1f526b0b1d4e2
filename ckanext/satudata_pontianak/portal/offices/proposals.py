"""Memberships that wait for somebody else, on a page: propose one, confirm or decline another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry, words
from ...agencies.rules import decree, proposal
from ...agencies.rules.memberships import DECREE_LENGTH
from ...agencies.rules.proposal import LABELS, State
from ...surface.memberships import memberships
from ..web import call, form_page
from ..web.form_page import Attempt, Road, field
from ..web.forms import Choice
from .decrees import satudata_decree_choices

proposals = flask.Blueprint("satudata_proposals", __name__)
ROLES = ("admin", "editor", "member")
STEPS = {"pastikan": "satudata_membership_confirm", "tolak": "satudata_membership_decline"}


def satudata_may_propose() -> bool:
    """Tell whether the reader proposes and confirms memberships, or may see them."""
    if not call.logged_in():
        return False
    actor = registry.actor_from_context(call.context())
    return decree.watches(actor) or bool(actor.administers)


def _bodies() -> list[Choice]:
    actor = registry.actor_from_context(call.context())
    found = [
        Choice(a.name, a.title)
        for a in registry.load_agencies().values()
        if proposal.may_take_part(actor, a.id)
    ]
    return sorted(found, key=lambda choice: choice.label.casefold())


def _labels() -> Mapping[str, str]:
    return {"admin": tk._("Admin"), "editor": tk._("Editor"), "member": tk._("Member")}


def _road(bodies: list[Choice]) -> Road:
    labels = _labels()
    return Road(
        title=tk._("Propose a membership"),
        intro=tk._(
            "For a membership that you may not give alone: of yourself, or of an account that you "
            "made. It holds from the moment in which somebody else confirms it, within {days} days."
        ).format(days=memberships().proposal_days),
        button=tk._("Propose"),
        fields=[
            field("organization", "choice", tk._("Agency"), choices=bodies),
            field("user", "line", tk._("Username of the person"), max_length=100),
            field("role", "choice", tk._("Role"), choices=[Choice(r, labels[r]) for r in ROLES]),
            field(
                "nomor_sk",
                "line",
                tk._("Decree number (SK)"),
                help=tk._("Needed for a body that decides; it is that of a recorded decree."),
                max_length=DECREE_LENGTH,
                required=False,
                suggestions=satudata_decree_choices(),
            ),
        ],
        call=lambda values: call.call("satudata_membership_propose", **values),
        done=tk._("The membership is proposed. The admins of the agency and the auditor are told."),
    )


def index() -> Any:
    """Show the proposed memberships; propose another one."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_may_propose():
        text = tk._(
            "Memberships are proposed and confirmed by system administrators and by the admins "
            "of the agency"
        )
        return tk.abort(403, text)
    bodies = _bodies()
    road = _road(bodies) if bodies else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_proposals.index")
    return _page(road, attempt, {choice.value for choice in bodies})


def _page(road: Road | None, attempt: Attempt, own: set[str]) -> Any:
    labels, me = _labels(), getattr(tk.current_user, "name", "")
    items = []
    for item in call.call("satudata_membership_proposal_list"):
        waits = item["state"] == State.OPEN and item["organization"] in own
        items.append(
            {
                **item,
                "label": tk._(LABELS[State(item["state"])]),
                "role_label": labels.get(item["role"], item["role"]),
                "confirms": waits and me not in (item["proposed_by"], item["user"]),
                "declines": waits,
                "mine": me == item["proposed_by"],
            }
        )
    shown = {
        "items": items,
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return flask.make_response(tk.render("satudata/proposals.html", shown), attempt.status)


def decide(id: str, step: str) -> Any:
    """Confirm or decline one."""
    if not call.logged_in():
        return call.log_in()
    action = STEPS.get(step)
    if action is None:
        return tk.abort(404, tk._("Proposal not found"))
    try:
        call.call(action, id=id)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or tk._("You may not take this step.")))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Proposal not found"))
    except tk.ValidationError as refusal:
        errors = call.errors_by_field(refusal.error_dict, ())
        tk.h.flash_error(" ".join(errors.get("", ())))
    else:
        done = {
            "pastikan": tk._("The membership is confirmed and holds now. It was recorded."),
            "tolak": tk._("The proposal has ended. It was recorded."),
        }
        tk.h.flash_success(done[step])
    return tk.redirect_to("satudata_proposals.index")


proposals.add_url_rule(words.PROPOSALS, "index", index, methods=["GET", "POST"])
proposals.add_url_rule(f"{words.PROPOSALS}/<id>/<step>", "decide", decide, methods=["POST"])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_may_propose": satudata_may_propose}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [proposals]

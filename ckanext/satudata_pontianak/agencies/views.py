"""Two pages of CKAN that must ask for a decree number: removing a member, closing an agency.

Core's views hand on nothing but ids and fall over a refusal that is not about authorization, so the
form that is sent back to them is answered here instead.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

import ckan.plugins.toolkit as tk
from ckan import model

from . import emergency, gate

agencies = Blueprint("satudata_agencies", __name__)

REMOVE = "organization.member_delete"
CLOSE = "organization.delete"


@agencies.before_app_request
def end_emergency() -> None:
    """Take from whoever asks what they got by emergency access that is over."""
    user = tk.current_user
    if isinstance(user, model.User) and emergency.is_over(user.id):
        gate.lock()
        with gate.together():
            emergency.end(emergency.over(user.id))
            model.Session.commit()


@agencies.before_app_request
def answer() -> Response | None:
    """Answer a confirmed removal or closing; leave every other request to its own view."""
    request = tk.request
    if request.method != "POST" or request.endpoint not in (REMOVE, CLOSE):
        return None
    if "cancel" in request.form:
        return None
    agency_id = (request.view_args or {})["id"]
    number = request.form.get("nomor_sk", "")
    if request.endpoint == REMOVE:
        person = request.args.get("user") or request.form.get("user")
        values = {"id": agency_id, "user_id": person, "nomor_sk": number}
        after = ("organization.manage_members", {"id": agency_id})
        again = (REMOVE, {"id": agency_id, "user": person})
        return _make("organization_member_delete", values, after, again)
    values = {"id": agency_id, "nomor_sk": number}
    return _make(
        "organization_delete", values, ("organization.index", {}), (CLOSE, {"id": agency_id})
    )


def _make(
    action: str,
    values: dict[str, Any],
    after: tuple[str, dict[str, Any]],
    again: tuple[str, dict[str, Any]],
) -> Response:
    """Make the change and go on, or say what is missing and ask again."""
    try:
        tk.get_action(action)({"user": tk.current_user.name}, values)
    except tk.NotAuthorized as e:
        return tk.abort(403, str(e))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Organization not found"))
    except tk.ValidationError as e:
        for problem in e.error_summary.values():
            tk.h.flash_error(problem)
        return tk.redirect_to(again[0], **again[1])
    tk.h.flash_success(tk._("The change was made and recorded."))
    return tk.redirect_to(after[0], **after[1])


def get_blueprints() -> list[Blueprint]:
    """The pages of this room."""
    return [agencies]

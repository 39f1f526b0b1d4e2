"""The page of a review of rights: each line stays, or is to be withdrawn."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ..web import call
from ..web.request_forms import closed
from .pages import HOME, called, security

PER_PAGE = 20
STATES = ("waiting", "all")
STAYS, GOES = "confirmed", "withdrawn"
PREFIX = "line-"


def rights(number: str) -> Any:
    """Show the lines of a review that wait for an answer, and take answers to those of a page."""
    if not call.logged_in():
        return call.log_in()
    errors: list[str] = []
    if flask.request.method == "POST":
        sent = _sent()
        try:
            said = call.call("satudata_smki_rights_answer", task=number, **sent)
        except tk.NotAuthorized as refusal:
            return tk.abort(403, str(refusal.message or ""))
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("Not found"))
        except tk.ValidationError as refusal:
            found = call.errors_by_field(refusal.error_dict, ())
            errors = [text for texts in found.values() for text in texts]
        else:
            tk.h.flash_success(
                tk._("{stays} rights confirmed, {goes} to be withdrawn.").format(
                    stays=said["confirmed"], goes=said["withdrawn"]
                )
            )
            return tk.redirect_to("satudata_smki.rights", number=number)
    return closed(tk.render("satudata/smki/rights.html", _shown(number, errors)), _status(errors))


def _status(errors: list[str]) -> int:
    return 422 if errors else 200


def _sent() -> dict[str, list[str]]:
    """Return the ids of the lines that were answered, by their answer."""
    chosen = [(k.removeprefix(PREFIX), v) for k, v in flask.request.form.items()]
    return {answer: [line for line, value in chosen if value == answer] for answer in (STAYS, GOES)}


def _shown(number: str, errors: list[str]) -> dict[str, Any]:
    asked = flask.request.args.get("state", STATES[0])
    state = asked if asked in STATES else STATES[0]
    page = min(max(1, flask.request.args.get("page", 1, type=int)), 10**6)
    found = called(
        "satudata_smki_rights_list",
        task=number,
        state=state,
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    task = called("satudata_smki_task_show", task=number)
    return {
        "found": found,
        "task": task,
        "state": state,
        "errors": {"": errors} if errors else {},
        "sent": flask.request.form,
        "answers": {STAYS: tk._("Stays"), GOES: tk._("To be withdrawn")},
        "page": page,
        "pages": -(-found["count"] // PER_PAGE) or 1,
        "query": lambda at: tk.h.url_for(
            "satudata_smki.rights", number=number, state=state, page=at
        ),
    }


security.add_url_rule(f"{HOME}/tugas/<number>/hak", "rights", rights, methods=["GET", "POST"])

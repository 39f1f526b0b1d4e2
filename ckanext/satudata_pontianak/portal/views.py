"""Pages of the workflow: the queue, a case, and the procedure as it is enforced."""

from __future__ import annotations

import math
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ..classification import cases
from . import asking, forms
from .forms import Posted

PER_PAGE = 20

portal = flask.Blueprint("satudata", __name__)


def _log_in() -> Any:
    """Send somebody without a name to the log-in page, and back here afterwards."""
    return tk.redirect_to("user.login", came_from=flask.request.full_path.rstrip("?"))


def queue() -> Any:
    """Show the open cases: on one's own desks, or all that one may see."""
    if not asking.logged_in():
        return _log_in()
    asked = flask.request.args
    everything = asked.get("scope") == "all"
    state = asked.get("state", "")
    states = [s for s in asking.call("satudata_workflow_show")["states"] if not s["end"]]
    unknown = bool(state) and state not in [s["name"] for s in states]
    wanted = {"mine": not everything, "limit": PER_PAGE, "state": "" if unknown else state}
    page = _page_number(asked.get("page"))
    found = asking.call("satudata_classification_list", **wanted, offset=(page - 1) * PER_PAGE)
    pages = max(1, math.ceil(found["count"] / PER_PAGE))
    if page > pages:
        page = pages
        found = asking.call("satudata_classification_list", **wanted, offset=(page - 1) * PER_PAGE)
    return tk.render(
        "satudata/queue.html",
        {
            "cases": found["results"],
            "count": found["count"],
            "page": page,
            "pages": pages,
            "scope": "all" if everything else "mine",
            "state": "" if unknown else state,
            "states": states,
            "unknown_state": unknown,
            "today": cases.today(),
        },
    )


def _page_number(text: str | None) -> int:
    """Return the number of a page; what is no page is the first."""
    if text and text.isascii() and text.isdigit() and len(text) < len(str(10**7)):
        return max(1, int(text))
    return 1


def case(id: str) -> Any:
    """Show the case of a dataset with the steps that this person may take."""
    if not asking.logged_in():
        return _log_in()
    return _case_page(id, Posted())


def take_step(id: str) -> Any:
    """Take one step, or show the page again with what was wrong and what was typed."""
    if not asking.logged_in():
        return _log_in()
    sent = flask.request.form
    name = sent.get("transition", "")
    shown = _shown(id)
    offered = (shown["case"] or {}).get("transitions", [])
    transition = next((t for t in offered if t["name"] == name), None)
    values = forms.read(transition, sent) if transition else {}
    evidence = sent.get("evidence") or None
    try:
        result = asking.call(
            "satudata_classification_transition",
            **{**values, "id": shown["dataset_id"], "transition": name, "evidence": evidence},
        )
    except tk.NotAuthorized as refusal:
        errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
        return _case_page(id, Posted(name, values, errors, evidence), 403)
    except tk.ValidationError as refusal:
        # Somebody who saw an older state looks at the present one before they decide.
        stale = refusal.error_dict.get("code") == ["stale_evidence"]
        errors = _errors(refusal.error_dict, transition)
        return _case_page(id, Posted(name, values, errors, None if stale else evidence), 422)
    if "receipt" not in result:
        tk.h.flash_notice(
            tk._(
                "The check of the files is still running and nothing was changed. "
                "Your answers are kept below: send them again in a moment."
            )
        )
        return _case_page(id, Posted(name, values, {}, evidence))
    label = transition["label"] if transition else name
    text = tk._("Done: %(step)s. Receipt number %(receipt)s in the ledger.")
    tk.h.flash_success(text % {"step": label, "receipt": result["receipt"]["entry"]})
    return _after_step(result)


def _after_step(result: dict[str, Any]) -> Any:
    """Go on to the case, or to the queue where the person may not see it any more."""
    try:
        shown = asking.call("satudata_classification_show", id=result["dataset_id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.redirect_to("satudata.queue")
    return tk.redirect_to("satudata.case", id=shown["dataset_id"])


def _errors(errors: dict[str, Any], transition: dict[str, Any] | None) -> dict[str, list[str]]:
    """Return messages by field; what belongs to no field of the form stands under ``""``."""
    known = {spec["name"] for spec in transition["fields"]} if transition else set()
    sorted_out: dict[str, list[str]] = {}
    for key, messages in errors.items():
        if key == "code":
            continue
        texts = [str(m) for m in (messages if isinstance(messages, list) else [messages])]
        sorted_out.setdefault(key if key in known else "", []).extend(texts)
    return sorted_out


def _shown(id: str) -> dict[str, Any]:
    """Return case and decision, or answer as for an unknown name."""
    try:
        return asking.call("satudata_classification_show", id=id)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Dataset not found"))


def _case_page(id: str, posted: Posted, status: int = 200) -> Any:
    shown = _shown(id)
    try:
        dataset = asking.call("package_show", id=shown["dataset_id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    opened = shown["case"]
    drawn = []
    if opened:
        today = cases.today().isoformat()
        drawn = [
            forms.draw(transition, opened, dataset.get("owner_org"), posted, today)
            for transition in opened["transitions"]
        ]
    body = tk.render(
        "satudata/case.html",
        {
            "pkg_dict": dataset,
            "dataset_type": dataset["type"],
            "shown": shown,
            "case": opened,
            "forms": drawn,
            "posted": posted,
            "evidence": posted.evidence or (opened["evidence"] if opened else ""),
            "missing_axes": forms.missing_axes(opened["proposal"]) if opened else [],
            "downloads": _downloads(dataset),
            "today": cases.today(),
        },
    )
    return flask.make_response(body, status)


def _downloads(dataset: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return version → what the reader may download of it; files only, links are not kept."""
    found = {}
    for resource in dataset.get("resources", ()):
        waiting = resource.get("satudata_waiting")
        if waiting and waiting["kind"] == "upload":
            found[waiting["id"]] = waiting
    return found


def procedure() -> Any:
    """Show how data are opened: the workflow as it is enforced, to everyone."""
    return tk.render("satudata/procedure.html", {"workflow": asking.call("satudata_workflow_show")})


@portal.app_errorhandler(tk.ValidationError)
def refused(problem: tk.ValidationError) -> tuple[str, int]:
    """Say why something is refused on a page of core that would fail instead.

    Core's pages for deleting, for one, expect no such answer; forms show it themselves.
    """
    model.Session.rollback()
    texts = _errors(problem.error_dict, None).get("", [])
    shown = {"code": 409, "name": tk._("This is not possible"), "content": " ".join(texts)}
    return tk.render("error_document_template.html", shown), 409


portal.add_url_rule("/satudata/antrean", "queue", queue)
portal.add_url_rule("/satudata/berkas/<id>", "case", case, methods=["GET"])
portal.add_url_rule("/satudata/berkas/<id>", "take_step", take_step, methods=["POST"])
portal.add_url_rule("/satudata/prosedur", "procedure", procedure)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return [portal]

"""Pages of the workflow: the queue, a case, and the procedure as it is enforced."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ..classification import cases
from . import answers, asking, batches, forms, requests, side_pages, side_roads
from .answers import Said
from .forms import Posted

PER_PAGE = 20

portal = flask.Blueprint("satudata", __name__)


def queue() -> Any:
    """Show the open cases: on one's own desks, or all that one may see."""
    if not asking.logged_in():
        return asking.log_in()
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
            "groups": batches.groups(found["results"], choose=not everything),
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
        return asking.log_in()
    return _case_page(id, Posted())


def take_step(id: str) -> Any:
    """Take one step, or show the page again with what was wrong and what was typed."""
    if not asking.logged_in():
        return asking.log_in()
    sent = flask.request.form
    name = sent.get("transition", "")
    shown = asking.shown(id)
    offered = (shown["case"] or {}).get("transitions", [])
    transition = next((t for t in offered if t["name"] == name), None)
    values = forms.read(transition, sent) if transition else {}
    evidence = sent.get("evidence") or None
    asked = {**values, "id": shown["dataset_id"], "transition": name, "evidence": evidence}
    if name == "submit":
        # Nobody waits before a screen: a submit is kept until the files are checked.
        asked["wait"] = True
    try:
        result = asking.call("satudata_classification_transition", **asked)
    except tk.NotAuthorized as refusal:
        errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
        return _case_page(id, Posted(name, values, errors, evidence), 403)
    except tk.ValidationError as refusal:
        # Somebody who saw an older state looks at the present one before they decide.
        stale = refusal.error_dict.get("code") == ["stale_evidence"]
        known = {spec["name"] for spec in transition["fields"]} if transition else set()
        errors = asking.errors_by_field(refusal.error_dict, known)
        return _case_page(id, Posted(name, values, errors, None if stale else evidence), 422)
    if "receipt" not in result:
        tk.h.flash_notice(
            tk._(
                "The check of the files is still running. Your submit is kept and follows by "
                "itself as soon as it ends."
            )
        )
        return tk.redirect_to("satudata.case", id=shown["dataset_id"])
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


def resolve_finding(id: str) -> Any:
    """Keep what somebody says of a finding, or show the page again with what was wrong."""
    if not asking.logged_in():
        return asking.log_in()
    shown = asking.shown(id)
    sent = flask.request.form
    where = answers.find(shown["scans"], sent.get("finding", ""))
    values = answers.read(sent)
    said = Said(sent.get("finding", ""), values)
    if where is None:
        text = tk._("There is no such finding any more. Look at the present ones.")
        return _case_page(id, Posted(), 422, replace(said, errors={"": [text]}))
    try:
        asking.call("satudata_finding_resolve", **{**values, **where, "id": shown["dataset_id"]})
    except tk.NotAuthorized as refusal:
        errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
        return _case_page(id, Posted(), 403, replace(said, errors=errors))
    except tk.ValidationError as refusal:
        errors = asking.errors_by_field(refusal.error_dict, answers.FIELDS)
        return _case_page(id, Posted(), 422, replace(said, errors=errors))
    tk.h.flash_success(tk._("What you said of the finding is recorded."))
    return tk.redirect_to("satudata.case", id=shown["dataset_id"], _anchor="case-evidence")


def _case_page(id: str, posted: Posted, status: int = 200, said: Said | None = None) -> Any:
    shown = asking.shown(id)
    dataset = asking.dataset(shown["dataset_id"])
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
            "said": said or Said(),
            "may_resolve": side_roads.may_resolve(dataset),
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
    texts = asking.errors_by_field(problem.error_dict, ()).get("", [])
    shown = {"code": 409, "name": tk._("This is not possible"), "content": " ".join(texts)}
    return tk.render("error_document_template.html", shown), 409


portal.add_url_rule("/satudata/antrean", "queue", queue)
portal.add_url_rule("/satudata/berkas/<id>", "case", case, methods=["GET"])
portal.add_url_rule("/satudata/berkas/<id>", "take_step", take_step, methods=["POST"])
portal.add_url_rule(
    "/satudata/berkas/<id>/temuan", "resolve_finding", resolve_finding, methods=["POST"]
)
portal.add_url_rule("/satudata/prosedur", "procedure", procedure)
batches.register(portal)
side_pages.register(portal)
requests.register(portal)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return [portal]

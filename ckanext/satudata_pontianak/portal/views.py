"""Pages of the workflow: a case, and the procedure as it is enforced."""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from ..access.reading import removals
from ..msgids import N_
from ..surface import page_names
from ..surface.pages import page
from . import catalogue, cooperation, desk, jepin, ledger, offices, smki
from .desk import (
    batches,
    contradictions,
    desks,
    figure_pages,
    findings_form,
    holds,
    mask_pages,
    new_data_page,
    notice_pages,
    procedure_lead,
    queues,
    reopening,
    served_files_page,
    variable_pages,
)
from .desk.findings_form import Said
from .offices import incident_pages, requests, signed_papers
from .web import call, forms
from .web.forms import Posted

portal = flask.Blueprint("satudata", __name__)


def case(id: str) -> Any:
    """Show the case of a dataset with the steps that this person may take."""
    if not call.logged_in():
        return call.log_in()
    return _case_page(id, Posted())


def take_step(id: str) -> Any:
    """Take one step, or show the page again with what was wrong and what was typed."""
    if not call.logged_in():
        return call.log_in()
    sent = flask.request.form
    name = sent.get("transition", "")
    shown = call.shown(id)
    offered = (shown["case"] or {}).get("transitions", [])
    transition = next((t for t in offered if t["name"] == name), None)
    values = forms.read(transition, sent) if transition else {}
    evidence = sent.get("evidence") or None
    asked = {**values, "id": shown["dataset_id"], "transition": name, "evidence": evidence}
    if name == contradictions.STEP:
        # Nobody waits before a screen: a submit is kept until the files are checked.
        asked["wait"] = True
        found = contradictions.contradicted(shown["case"], shown["scans"] or (), values)
        if transition and found and not sent.get(contradictions.SENT):
            errors = {"": contradictions.questions(found)}
            return _case_page(id, Posted(name, values, errors, evidence), 422)
    if transition and name == contradictions.ENDS and not sent.get(contradictions.SENT):
        errors = {"": [contradictions.before_the_end()]}
        return _case_page(id, Posted(name, values, errors, evidence), 422)
    signed = flask.request.files.get("naskah") if transition else None
    signed = signed if signed and signed.filename else None
    if signed and (wrong := _refused_paper(shown["case"], values, signed)):
        return _case_page(id, Posted(name, values, wrong, evidence), 422)
    try:
        result = call.call("satudata_classification_transition", **asked)
    except tk.NotAuthorized as refusal:
        errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
        return _case_page(id, Posted(name, values, errors, evidence), 403)
    except tk.ValidationError as refusal:
        # Somebody who saw an older state looks at the present one before they decide.
        stale = refusal.error_dict.get("code") == ["stale_evidence"]
        known = {spec["name"] for spec in transition["fields"]} if transition else set()
        errors = call.errors_by_field(refusal.error_dict, known)
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
    text = tk._("Done: %(step)s. Receipt: %(receipt)s.")
    tk.h.flash_success(text % {"step": label, "receipt": result["receipt"]["code"]})
    if signed and shown["case"]["kind"] == removals.KIND:
        _bring(id=shown["case"]["id"], scan=signed)
    elif signed and values.get("nomor"):
        _bring(nomor=values["nomor"], scan=signed)
    return _after_step(result)


def _refused_paper(case: dict[str, Any], values: dict[str, Any], signed: Any) -> dict[str, Any]:
    """Return what speaks against the signed paper that came with a step, by field."""
    wrong = signed_papers.refused_file(signed)
    if wrong:
        return {"": wrong}
    if case["kind"] == removals.KIND and not values.get(removals.NUMBER):
        return {removals.NUMBER: [tk._("Give the number that stands on the signed record.")]}
    return {}


def _bring(**paper: Any) -> None:
    """Keep the signed paper that came with the step. The step stands whatever becomes of it."""
    try:
        call.call("satudata_signed_paper_create", **paper)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        tk.h.flash_error(
            tk._("The decision stands, but its signed paper was not kept. Bring it once more.")
        )
    else:
        tk.h.flash_success(tk._("The signed paper is kept; its hash stands in the ledger."))


def _after_step(result: dict[str, Any]) -> Any:
    """Go on to the case, or to the queue where the person may not see it any more."""
    try:
        shown = call.call("satudata_classification_show", id=result["dataset_id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.redirect_to("satudata.queue")
    return tk.redirect_to("satudata.case", id=shown["dataset_id"])


def resolve_finding(id: str) -> Any:
    """Keep what somebody says of a finding, or show the page again with what was wrong."""
    if not call.logged_in():
        return call.log_in()
    shown = call.shown(id)
    scans = [*shown["scans"], *([shown["metadata"]] if shown["metadata"] else [])]
    status, said = findings_form.say(shown["dataset_id"], scans, flask.request.form)
    if said is not None:
        return _case_page(id, Posted(), status, said)
    tk.h.flash_success(tk._("What you said of the finding is recorded."))
    return tk.redirect_to("satudata.case", id=shown["dataset_id"], _anchor="case-evidence")


def _case_page(id: str, posted: Posted, status: int = 200, said: Said | None = None) -> Any:
    shown = call.shown(id)
    dataset = call.dataset(shown["dataset_id"])
    opened = shown["case"]
    drawn = []
    if opened:
        today = days.today().isoformat()
        drawn = [
            forms.draw(
                transition, opened, dataset.get("owner_org"), posted, today, dataset["title"]
            )
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
            "may_resolve": holds.may_resolve(dataset),
            "may_bring": holds.may_bring(dataset["id"]),
            "evidence": posted.evidence or (opened["evidence"] if opened else ""),
            "missing_axes": forms.missing_axes(opened["proposal"]) if opened else [],
            "downloads": _downloads(dataset),
            "today": days.today(),
            "waits": None if opened else _waits(),
            "contradicted": contradictions.contradicted(
                opened, shown["scans"] or (), posted.values
            ),
        },
    )
    return flask.make_response(body, status)


def _waits() -> dict[str, Any] | None:
    """Return what comes next on the desk of this person, and how much lies there."""
    if not desks.satudata_is_staff():
        return None
    found = call.call("satudata_classification_list", limit=1)
    return {"count": found["count"], "first": next(iter(found["results"]), None)}


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
    shown = call.call("satudata_workflow_show")
    context = {"workflow": shown, **procedure_lead.lead(shown["states"])}
    return tk.render("satudata/procedure.html", context)


@portal.app_errorhandler(tk.ValidationError)
def refused(problem: tk.ValidationError) -> tuple[str, int]:
    """Say why something is refused on a page of core that would fail instead.

    Core's pages for deleting, for one, expect no such answer; forms show it themselves.
    """
    model.Session.rollback()
    texts = call.errors_by_field(problem.error_dict, ()).get("", [])
    shown = {"code": 409, "name": tk._("This is not possible"), "content": " ".join(texts)}
    return tk.render("error_document_template.html", shown), 409


desks.register(portal)
queues.register(portal)
portal.add_url_rule("/satudata/berkas/<id>", "case", case, methods=["GET"])
portal.add_url_rule("/satudata/berkas/<id>", "take_step", take_step, methods=["POST"])
portal.add_url_rule(
    "/satudata/berkas/<id>/temuan", "resolve_finding", resolve_finding, methods=["POST"]
)
portal.add_url_rule(
    "/satudata/prosedur",
    "procedure",
    page(
        procedure,
        light=True,
        about=N_("How data are opened: who does which step, by when and by which law."),
    ),
)
page_names.known_as(procedure="satudata.procedure", case="satudata.case")
batches.register(portal)
reopening.register(portal)
served_files_page.register(portal)
new_data_page.register(portal)
mask_pages.register(portal)
variable_pages.register(portal)
figure_pages.register(portal)
requests.register(portal)
incident_pages.register(portal)
notice_pages.register(portal)


def offering(name: str) -> list[ModuleType]:
    """Return the modules of the folders of pages that offer something to CKAN by this name."""
    modules = [
        import_module(f"{folder.__name__}.{module.name}")
        for folder in (catalogue, cooperation, desk, ledger, offices, smki, jepin)
        for module in iter_modules(folder.__path__)
    ]
    return [module for module in modules if hasattr(module, name)]


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room, with those of the modules of its folders."""
    found = offering("get_blueprints")
    return [portal, *chain.from_iterable(module.get_blueprints() for module in found)]

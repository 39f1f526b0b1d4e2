"""Pages of internal audit: samples, findings, and what becomes of each."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ...ledger.sentences import GROUPS
from ...smki.findings import LONGEST
from ...smki.rules.audit import audit
from ...smki.rules.definition import smki
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from .pages import HOME, called, form, paged, security, stepped


def audited() -> Any:
    """List findings, and open one."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_smki_finding_list", "findings", "satudata_smki.audited")
    road = _opening() if _audits() else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.finding", number=attempt.result["number"])
    return form("satudata/smki/audit.html", road, attempt, **found)


def draw() -> Any:
    """List the samples that were drawn, and draw one."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_sample_list")
    road = _drawing()
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.draw")
    names = {name: tk._(GROUPS[name][0]) for name in audit().sampled}
    return form("satudata/smki/samples.html", road, attempt, samples=found, names=names)


def finding(number: str) -> Any:
    """Show a finding, and take a step of it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_finding_show", finding=number)
    roads = {step["name"]: _stepping(found, step) for step in found["steps"]}
    attempt, drawn = stepped(roads, "step")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_smki.finding", number=found["number"])
    body = tk.render("satudata/smki/finding.html", {"finding": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _audits() -> bool:
    try:
        tk.check_access("satudata_smki_finding_open", call.context(), {})
    except tk.NotAuthorized:
        return False
    return True


def _text(name: str) -> Field:
    spec = audit().fields[name]
    said = tk._(spec.help) if spec.help else ""
    return field(name, "text", tk._(spec.label), help=said, max_length=LONGEST)


def _opening() -> Road:
    known = smki().controls.controls
    grades = [Choice(name, tk._(grade.label)) for name, grade in audit().grades.items()]
    return Road(
        title=tk._("Open a finding"),
        intro=tk._("Who owns the control is told, and answers by a deadline."),
        button=tk._("Open a finding"),
        fields=[
            field(
                "control",
                "choice",
                tk._("Control"),
                choices=[Choice(name, tk._(c.label)) for name, c in known.items()],
            ),
            field("grade", "choice", tk._("Grade"), choices=grades),
            _text("found"),
        ],
        call=lambda values: call.call("satudata_smki_finding_open", **values),
        done=tk._("The finding is opened."),
    )


def _drawing() -> Road:
    groups = [Choice(name, tk._(GROUPS[name][0])) for name in audit().sampled]
    return Road(
        title=tk._("Draw a sample"),
        intro=tk._("The ledger holds seed and result: whoever doubts the sample draws it again."),
        button=tk._("Draw"),
        fields=[
            field("group", "choice", tk._("Which records"), choices=groups),
            field("from", "date", tk._("First day")),
            field("until", "date", tk._("Last day")),
            field("size", "line", tk._("How many"), max_length=3, value="10"),
        ],
        call=lambda values: call.call("satudata_smki_sample_draw", **values),
        done=tk._("The sample is drawn."),
    )


def _stepping(found: dict[str, Any], step: dict[str, Any]) -> Road:
    return Road(
        title=step["label"],
        intro="",
        button=step["label"],
        fields=[_text(each["name"]) for each in step["fields"]],
        call=lambda values: call.call(
            "satudata_smki_finding_step", **values, finding=found["id"], step=step["name"]
        ),
        done=tk._("The step is recorded."),
    )


BOTH = ["GET", "POST"]
security.add_url_rule(f"{HOME}/audit", "audited", audited, methods=BOTH)
security.add_url_rule(f"{HOME}/audit/uji-petik", "draw", draw, methods=BOTH)
security.add_url_rule(f"{HOME}/audit/temuan/<number>", "finding", finding, methods=BOTH)
page_names.known_as(smki_finding="satudata_smki.finding")

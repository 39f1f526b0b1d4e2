"""Pages of the audit's programme: what each quarter looks at, checklists, and their answers."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...smki.findings import LONGEST
from ...smki.rules.audit import audit
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed
from .pages import HOME, called, form, security


def programme() -> Any:
    """Show the programme of a year, quarter by quarter."""
    if not call.logged_in():
        return call.log_in()
    this = days.today().year
    asked = flask.request.args.get("year", this, type=int)
    year = asked if this - 2 <= asked <= this + 1 else this
    shown = {"programme": called("satudata_smki_programme", year=year), "this": this}
    return closed(tk.render("satudata/smki/programme.html", shown))


def checklist(number: str) -> Any:
    """Show the checklist of a task of the audit."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_checklist", task=number)
    task = called("satudata_smki_task_show", task=number)
    return closed(tk.render("satudata/smki/checklist.html", {"found": found, "task": task}))


def check(name: str) -> Any:
    """Show a control with its evidence, and take the answer of whoever examines it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_check_show", control=name)
    road = _answering(found) if found["examines"] else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.check", name=name)
    return form("satudata/smki/check.html", road, attempt, check=found)


def _answering(found: dict[str, Any]) -> Road:
    rules = audit()
    return Road(
        title=found["question"],
        intro=tk._("The evidence is kept with the answer, as it stands now."),
        button=tk._("Record the answer"),
        fields=[
            field(
                "verdict",
                "choice",
                tk._("Answer"),
                choices=[Choice(name, tk._(v.label)) for name, v in rules.verdicts.items()],
            ),
            field(
                "note",
                "text",
                tk._(rules.fields["note"].label),
                help=tk._("Name no person and none of the data."),
                max_length=LONGEST,
            ),
            field(
                "grade",
                "choice",
                tk._("Grade, where it is not so"),
                choices=[Choice(name, tk._(g.label)) for name, g in rules.grades.items()],
                required=False,
            ),
        ],
        call=lambda values: call.call(
            "satudata_smki_check_record", **values, control=found["control"]["name"]
        ),
        done=tk._("The answer is recorded."),
    )


security.add_url_rule(f"{HOME}/audit/program", "programme", programme)
security.add_url_rule(f"{HOME}/tugas/<number>/daftar-periksa", "checklist", checklist)
security.add_url_rule(f"{HOME}/audit/periksa/<name>", "check", check, methods=["GET", "POST"])

"""Pages of the reports: two for whose duty it is to look, and transparency for everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import flask
from markupsafe import Markup

import ckan.plugins.toolkit as tk
from ckan import types

from .. import days
from ..agencies import registry
from ..classification.rules import indonesian
from ..messages import Message
from ..msgids import N_
from ..surface import page_names
from ..surface.pages import page
from . import actions
from .audit import reading, report_files, reports, transparency_lead
from .audit.conformance_tables import conformance_tables
from .audit.counted import counted_table
from .audit.evidence import NUMBERS, evidence_file, measured
from .audit.evidence_tables import evidence_tables, source_of
from .audit.report_texts import (
    CONFORMANCE,
    CONFORMANCE_INTRO,
    EVIDENCE,
    EVIDENCE_INTRO,
    TRANSPARENCY,
    TRANSPARENCY_INTRO,
)
from .audit.tables import Language, Table, as_csv, view
from .audit.transparency_tables import transparency_tables
from .documents import library

blueprint = flask.Blueprint("satudata_reports", __name__)

PAGES = {
    "procedure": Message("How data are opened"),
    "requests": Message("How access is asked for, and by when it is answered"),
    "sops": Message("Standard operating procedures"),
    "transparency": TRANSPARENCY,
    "conformance": CONFORMANCE,
    "jepin": Message("Jepin and its services"),
}


def reader() -> Language:
    """Return the language of the reader."""
    return Language(tk._, tk.h.lang())


def official() -> Language:
    """Return the language of what is printed."""
    return Language(indonesian.translator())


def _context() -> types.Context:
    user = tk.current_user
    found: types.Context = {"user": user.name if user else ""}
    if user and user.is_authenticated:
        found["auth_user_obj"] = user
    return found


def _allowed(action: str) -> Any:
    """Refuse a page to those for whom it is not; ``None`` where it is."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=flask.request.full_path.rstrip("?"))
    try:
        tk.check_access(action, _context(), {})
    except tk.NotAuthorized as refused:
        return tk.abort(403, str(refused.message or ""))
    return None


def _file(content: bytes, name: str, form: str) -> flask.Response:
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/pdf"
    response = flask.Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{form}"'
    return response


# ------------------------------------------------------------------------------------ conformance


def conformance(form: str = "html") -> Any:
    """Show the conformance report of the days that are asked for, or give it as a file."""
    refused = _allowed("satudata_conformance")
    if refused is not None:
        return refused
    asked, errors = dict(flask.request.args), {}
    try:
        period = actions.period(asked)
    except tk.ValidationError as refusal:
        if form != "html":
            return tk.abort(400, actions.wrong(refusal))
        errors, period = refusal.error_dict, actions.period({})
    made = reports.conformance(registry.actor_from_context(_context()), period)
    tables = [*conformance_tables(made.data, made.names), counted_table(made.counted)]
    intro = Message(CONFORMANCE_INTRO.msgid, {"first": period.first, "last": period.last})
    span = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    if form == "csv":
        return _file(as_csv(tables, official()), f"kesesuaian-{span['to']}", form)
    if form == "pdf":
        content = report_files.pdf(CONFORMANCE, intro, tables, official(), days.today())
        return _file(content, f"kesesuaian-{span['to']}", form)
    links = [
        (label, tk.h.url_for("satudata_reports.conformance", form=name, **span))
        for name, label in (("csv", tk._("Table (CSV)")), ("pdf", tk._("Print (PDF)")))
    ]
    extra = {"days": {**span, **asked} if errors else span, "errors": errors}
    return _page(CONFORMANCE, intro, tables, links, 400 if errors else 200, **extra)


# ----------------------------------------------------------------------------------- transparency


def transparency(form: str = "html") -> Any:
    """Show the numbers of a year to everybody, or give them as CSV."""
    try:
        year = actions.year(dict(flask.request.args))
    except tk.ValidationError:
        return tk.abort(404, tk._("There are no numbers of this year."))
    made = reports.transparency(year, days.today())
    tables = [
        *transparency_tables(made.data, made.names, reports.level_labels()),
        counted_table(made.counted),
    ]
    if form == "csv":
        return _file(as_csv(tables, official()), f"transparansi-{year}", form)
    first, last = (dt.date.fromisoformat(made.data[key]) for key in ("from", "to"))
    intro = Message(TRANSPARENCY_INTRO.msgid, {"first": first, "last": last})
    links = [
        (tk._("Table (CSV)"), tk.h.url_for("satudata_reports.transparency", form="csv", year=year)),
        (
            tk._("For programs (JSON)"),
            tk.h.url_for("api.action", ver=3, logic_function="satudata_transparency", year=year),
        ),
    ]
    if reading.first_year(year) < year:
        before = tk.h.url_for("satudata_reports.transparency", year=year - 1)
        links.append((tk._("The year before"), before))
    for action, name, title in (
        ("satudata_conformance", "conformance", CONFORMANCE),
        ("satudata_evidence", "evidence", EVIDENCE),
    ):
        if tk.h.check_access(action):
            links.append((reader().said(title), tk.h.url_for(f"satudata_reports.{name}")))
    lead = transparency_lead.sentences(made.data, made.counted.entries, reader())
    return _page(TRANSPARENCY, intro, tables, links, 200, lead=lead, drawn=transparency_lead.DRAWN)


# --------------------------------------------------------------------------------------- evidence


def evidence(form: str = "html") -> Any:
    """Show the evidence sheets of a year, or give them as PDF."""
    refused = _allowed("satudata_evidence")
    if refused is not None:
        return refused
    try:
        year = actions.year(dict(flask.request.args))
    except tk.ValidationError:
        return tk.abort(404, tk._("There are no numbers of this year."))
    actor = registry.actor_from_context(_context())
    basis = reports.evidence(actor, year, days.today())
    values, told = measured(basis), counted_table(basis.counted)
    intro = Message(EVIDENCE_INTRO.msgid, {"year": str(year)})
    if form == "pdf":
        tables = [*evidence_tables(values, official()), told]
        content = report_files.pdf(EVIDENCE, intro, tables, official(), days.today())
        return _file(content, f"bukti-{year}", form)
    said = reader()
    shown = [
        {
            "name": framework.name,
            "title": tk._(framework.label),
            "source": said.said(source_of(framework)),
            "sheets": [
                {
                    "code": sheet.code,
                    "codes": sheet.codes,
                    "title": tk._(sheet.label),
                    "proof": tk._(sheet.help),
                    "numbers": [
                        (said.said(Message(NUMBERS[n][0])), said.said(values[n]))
                        for n in sheet.numbers
                    ],
                    "documents": [
                        *(
                            (library.shown(n)["title"], tk.h.url_for("satudata_sop.show", name=n))
                            for n in sheet.sops
                        ),
                        *(
                            (said.said(PAGES[n]), tk.h.url_for(page_names.endpoint(n)))
                            for n in sheet.pages
                        ),
                    ],
                }
                for sheet in framework.sheets
            ],
        }
        for framework in evidence_file().frameworks.values()
    ]
    context = {
        "title": said.said(EVIDENCE),
        "intro": said.said(intro),
        "frameworks": shown,
        "counted": view([told], said)[0],
        "pdf": tk.h.url_for("satudata_reports.evidence", form="pdf", year=year),
    }
    return tk.render("satudata/evidence.html", context)


# ------------------------------------------------------------------------------------------ pages


def _page(
    title: Message,
    intro: Message,
    tables: Sequence[Table],
    links: Sequence[tuple[str, str]],
    status: int,
    **extra: Any,
) -> Any:
    said = reader()
    shown = view(tables, said)
    for table in shown:
        # Drawn by us; every text in it was escaped.
        table["chart"] = Markup(table["chart"])  # noqa: S704
    context = {
        "title": said.said(title),
        "intro": said.said(intro),
        "tables": shown,
        "links": links,
        **extra,
    }
    return flask.make_response(tk.render("satudata/report.html", context), status)


for _path, _view, _forms in (
    ("/satudata/kesesuaian", conformance, ("csv", "pdf")),
    (
        "/satudata/transparansi",
        page(
            transparency,
            light=True,
            about=N_(
                "How many datasets are open, how long decisions take, how requests are answered."
            ),
        ),
        ("csv",),
    ),
    ("/satudata/bukti", evidence, ("pdf",)),
):
    # Without its form an address would be built by the first rule that has one: a file.
    blueprint.add_url_rule(_path, _view.__name__, _view, defaults={"form": "html"})
    for _form in _forms:
        _end = {"form": _form}
        blueprint.add_url_rule(f"{_path}.{_form}", _view.__name__, _view, defaults=_end)


page_names.known_as(
    transparency="satudata_reports.transparency", conformance="satudata_reports.conformance"
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of the reports."""
    return [blueprint]

"""Information security as files: the statement of applicability, and OSCAL for programs.

For those inside alone: they say how controls stand.
"""

from __future__ import annotations

import json
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import clock, config, days
from ...classification.rules import indonesian
from ...messages import Message
from ...msgids import N_
from ...smki import controls, oscal, show
from ...smki.rules.definition import smki
from ...sop.audit import report_files
from ...sop.audit.tables import Cell, Language, Table
from ...sop.files import official_files
from ..web import call
from .pages import HOME, security

STATEMENT = Message(N_("Statement of applicability"))
INTRO = Message(
    N_(
        "Which controls apply to the portal, why, who owns each, and how it stands today. What the "
        "portal did not see by itself is never called green."
    )
)
HEADS = (
    Message(N_("Control")),
    Message(N_("Asked for by")),
    Message(N_("Applies")),
    Message(N_("Reason")),
    Message(N_("Owner of the control")),
    Message(N_("State")),
    Message(N_("What was found")),
)
WIDTHS = (24, 16, 8, 24, 16, 16, 24)
FORMS = ("pdf", "csv", "xlsx")
YES, NO = Message(N_("Yes")), Message(N_("No"))


def _refused() -> Any:
    """Refuse a file to those for whom it is not; ``None`` where it is."""
    if not call.logged_in():
        return call.log_in()
    try:
        tk.check_access("satudata_smki_board", call.context(), {})
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    return None


def _rows() -> list[tuple[Cell, ...]]:
    known, standing = smki(), controls.standing()
    rows: list[tuple[Cell, ...]] = []
    for control in known.controls.controls.values():
        row = standing.get(control.name)
        codes = show.codes_of(control)
        status = show.status_of(control, row)
        rows.append(
            (
                Message(control.label),
                "; ".join(codes),
                NO if control.excluded else YES,
                Message(control.excluded or control.why),
                Message(known.roles.roles[control.role].label),
                show.status_message(status),
                show.said_of(control, row),
            )
        )
    return rows


def statement(form: str) -> Any:
    """Give the statement of applicability as PDF, CSV or XLSX, in Indonesian as official texts."""
    refused = _refused()
    if refused is not None:
        return refused
    if form not in FORMS:
        return tk.abort(404, tk._("Not found"))
    language = Language(indonesian.translator())
    rows = _rows()
    if form == "pdf":
        table = Table("statement", STATEMENT, HEADS, tuple(rows))
        content = report_files.pdf(STATEMENT, INTRO, [table], language, days.today())
    else:
        said = {
            "caption": language.said(STATEMENT),
            "heads": [language.said(head) for head in HEADS],
            "rows": [[language.said(cell) for cell in row] for row in rows],
            "widths": WIDTHS,
        }
        write = official_files.workbook if form == "xlsx" else official_files.comma_separated
        content = write(said)
    return _file(content, official_files.TYPES[form], f"pernyataan-{days.today()}.{form}")


def catalog() -> Any:
    """Give the controls as an OSCAL catalog."""
    refused = _refused()
    if refused is not None:
        return refused
    now = clock.now()
    found = oscal.catalog(smki(), config.site_url(), now, indonesian.translator())
    return _json(found, "oscal-katalog.json")


def results() -> Any:
    """Give how controls stand as OSCAL assessment results."""
    refused = _refused()
    if refused is not None:
        return refused
    now = clock.now()
    found = oscal.results(
        smki(), controls.standing(), config.site_url(), now, indonesian.translator()
    )
    return _json(found, "oscal-hasil.json")


def _json(found: dict[str, Any], name: str) -> flask.Response:
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return _file(text.encode(), "application/json", name)


def _file(content: bytes, kind: str, name: str) -> flask.Response:
    response = flask.Response(content, mimetype=kind.partition(";")[0])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


security.add_url_rule(f"{HOME}/pernyataan.<form>", "statement", statement)
security.add_url_rule(f"{HOME}/oscal/katalog.json", "catalog", catalog)
security.add_url_rule(f"{HOME}/oscal/hasil.json", "results", results)

"""The paper of a removal: on a page, as PDF and as DOCX, as a draft and after it is decided."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ..access import problems, removals
from ..access.removals import Removal
from ..agencies import registry
from ..agencies.duties import Duty
from ..classification import indonesian
from ..classification.workflow import DUTY_LABELS
from ..sop import code, official, official_files, official_word, removal_paper
from ..sop.definition import definitions
from ..sop.determination_paper import Frame
from . import asking, registers

FORMS = ("pdf", "docx")
PAGE = "/satudata/penghapusan/<case_id>"

blueprint = flask.Blueprint("satudata_removals", __name__)


def _read(case_id: str) -> Removal:
    found = removals.read(registry.actor_from_context(asking.context()), case_id)
    return found or tk.abort(404, tk._("There is no such paper."))


def _paper(removal: Removal) -> dict[str, Any]:
    said, translate = definitions(), indonesian.translator()
    body = registry.body_of(removal.duty)
    if removal.receipt:
        named = {"tanda-terima": removal.receipt}
        address = tk.h.url_for("satudata_ledger.index", qualified=True, **named)
    else:
        address = tk.h.url_for("satudata_removals.show", case_id=removal.case_id, qualified=True)
    frame = Frame(
        institution=said.sop.institution,
        body=body.title if body else "",
        number=None,  # the office gives it one, in its own book
        decided=removal.decided,
        address=address,
        code=code.picture(address),
        emblem=registers.operators_emblem(),
    )
    office = DUTY_LABELS[removal.duty.value]
    if removal.duty is Duty.PPID:
        office = official.WORDS["office"]
    unnamed = translate("Unnamed file")
    told = removal_paper.Said(
        dataset=removal.title,
        case=removal.case_id[:8].upper(),
        agency=removal.agency,
        whole=removal.whole,
        files=[(name or unnamed, form) for name, form in removal.files],
        kept=[name or unnamed for name in removal.kept],
        level=removal.level,
        number=removal.number,
        reason=removal.reason,
        office=translate(office),
        basis=removal.basis,
        receipt=removal.receipt,
    )
    return removal_paper.removal_paper(told, frame, said.classification, translate)


def show(case_id: str) -> Any:
    """Show the paper of a removal as it is printed."""
    removal = _read(case_id)
    paper = _paper(removal)
    part = tk.literal(official_files.part(paper))
    shown = {
        "removal": removal,
        "papers": [{"name": "berita-acara", **paper, "part": part}],
        "style": official_files.style(),
    }
    return tk.render("satudata/removal_paper.html", shown)


def file(case_id: str, form: str) -> Any:
    """Give the paper as a file; no cache keeps it, it is not for everybody."""
    told = _paper(_read(case_id))
    written = {"pdf": official_files.pdf, "docx": official_word.docx}[form](told)
    response = flask.Response(written, mimetype=official_files.TYPES[form])
    named = f"berita-acara-penghapusan.{form}"
    return registers.sent_file(response, named, None, problems.CLOSED)


def satudata_removals(dataset_id: str) -> list[Removal]:
    """Return the removals that were decided on a dataset, for who may read their papers."""
    if not asking.logged_in():
        return []
    return removals.decided_on(registry.actor_from_context(asking.context()), dataset_id)


blueprint.add_url_rule(PAGE, "show", show)
for _form in FORMS:
    _rule = f"{PAGE}/berita-acara.{_form}"
    blueprint.add_url_rule(_rule, "file", file, defaults={"form": _form})


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [blueprint]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_removals.__name__: satudata_removals}

"""The paper of a removal: on a page, as PDF and as DOCX, as a draft and after it is decided."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...access.hidden import signed_papers as kept
from ...access.papers import paper_actions
from ...access.reading import problems, removals
from ...access.reading.removals import Removal
from ...agencies import registry
from ...agencies.rules.duties import Duty
from ...classification.rules import indonesian
from ...classification.rules.workflow import DUTY_LABELS
from ...sop.documents.definition import definitions
from ...sop.files import code, official_files, official_word
from ...sop.papers import official
from ...sop.papers import removal as removal_paper
from ...sop.papers.determination import Frame
from ...surface.decrees import decrees as bounds
from ..web import call, form_page
from ..web.form_page import Road, field
from . import registers

FORMS = ("pdf", "docx")
PAGE = "/satudata/penghapusan/<case_id>"

blueprint = flask.Blueprint("satudata_removals", __name__)


def _read(case_id: str) -> Removal:
    found = removals.read(registry.actor_from_context(call.context()), case_id)
    return found or tk.abort(404, tk._("There is no such paper."))


def _paper(removal: Removal) -> dict[str, Any]:
    said, translate = definitions(), indonesian.translator()
    signed = kept.of_removal(removal.case_id)
    body = registry.body_of(removal.duty)
    if removal.receipt:
        named = {"tanda-terima": removal.receipt}
        address = tk.h.url_for("satudata_ledger.index", qualified=True, **named)
    else:
        address = tk.h.url_for("satudata_removals.show", case_id=removal.case_id, qualified=True)
    frame = Frame(
        institution=said.sop.institution,
        body=body.title if body else "",
        number=signed.nomor if signed else removal.record,  # the office's, of its own book
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


def satudata_removal_paper(case_id: str) -> dict[str, Any] | None:
    """Return number, hash and size of the signed paper of a removal; its address for its readers.

    :param case_id: of a removal that the reader knows of.
    """
    row = kept.of_removal(case_id)
    if row is None:
        return None
    reads = kept.may_have(registry.actor_from_context(call.context()), row)
    address = tk.h.url_for("satudata_papers.paper", id=row.id) if reads else None
    return {"number": row.nomor, "sha256": row.sha256, "size": row.size, "url": address}


def _road(removal: Removal) -> Road:
    megabytes = bounds().scan_bytes // 1_000_000
    there = kept.of_removal(removal.case_id)
    return Road(
        title=tk._("Bring a signed paper"),
        intro=tk._(
            "The scan of the signed record, or the PDF with an electronic signature, and the "
            "number that your office gave it. The number stands on the paper from then on."
        ),
        button=tk._("Upload"),
        fields=[
            field(
                "nomor",
                "line",
                tk._("Number of the record"),
                value=there.nomor if there else removal.record,
                max_length=paper_actions.LONGEST,
            ),
            field(
                "scan",
                "file",
                tk._("Signed paper"),
                help=tk._(
                    "A PDF of at most {megabytes} MB. It is never public: Walidata, PPID, its "
                    "superior and the auditor can have it."
                ).format(megabytes=megabytes),
            ),
        ],
        call=lambda values: call.call("satudata_signed_paper_create", id=removal.case_id, **values),
        done=tk._("The signed paper is kept; its hash stands in the ledger."),
    )


def show(case_id: str) -> Any:
    """Show the paper of a removal as it is printed; bring the signed one where one may."""
    removal = _read(case_id)
    actor = registry.actor_from_context(call.context())
    road = _road(removal) if removals.may_bring(actor, removal) else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_removals.show", case_id=case_id)
    paper = _paper(removal)
    part = tk.literal(official_files.part(paper))
    shown = {
        "removal": removal,
        "record": kept.numbered(removal),
        "today": days.today(),
        "papers": [{"name": "berita-acara", **paper, "part": part}],
        "style": official_files.style(),
        "address_of": lambda _, form: tk.h.url_for(
            "satudata_removals.file", case_id=case_id, form=form
        ),
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    page = tk.render("satudata/removal_paper.html", shown)
    return flask.make_response(page, attempt.status)


def file(case_id: str, form: str) -> Any:
    """Give the paper as a file; no cache keeps it, it is not for everybody."""
    told = _paper(_read(case_id))
    written = {"pdf": official_files.pdf, "docx": official_word.docx}[form](told)
    response = flask.Response(written, mimetype=official_files.TYPES[form])
    named = f"berita-acara-penghapusan.{form}"
    return registers.sent_file(response, named, None, problems.CLOSED)


def satudata_removals(dataset_id: str) -> list[Removal]:
    """Return the removals that were decided on a dataset, for who may read their papers."""
    if not call.logged_in():
        return []
    return removals.decided_on(registry.actor_from_context(call.context()), dataset_id)


blueprint.add_url_rule(PAGE, "show", show, methods=["GET", "POST"])
for _form in FORMS:
    _rule = f"{PAGE}/berita-acara.{_form}"
    blueprint.add_url_rule(_rule, "file", file, defaults={"form": _form})


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [blueprint]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_removals, satudata_removal_paper)}

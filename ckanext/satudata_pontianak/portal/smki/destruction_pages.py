"""Pages of destructions: what runs, propose one, approve it with its paper, print its record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.model import DecreeScanRow
from ...agencies.rules.duties import Duty
from ...classification.records import reads
from ...classification.rules import indonesian
from ...classification.rules.policy import Channel, decide
from ...smki.destruction import reading
from ...smki.destruction.proposals import LINE, LONGEST
from ...sop.documents.definition import definitions
from ...sop.files import code, official_files, official_word
from ...sop.papers import destruction_record
from ...sop.papers.determination import Frame
from ...surface import page_names
from ...surface.decrees import decrees as bounds
from ..offices import registers, scans
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed
from .pages import HOME, called, form, paged, stepped

destructions = flask.Blueprint("satudata_smki_destruction", __name__)
WRITERS = {"pdf": official_files.pdf, "docx": official_word.docx}
PAGE = f"{HOME}/pemusnahan"


def index() -> Any:
    """List the destructions of datasets that the reader knows of."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_smki_destruction_list", "rows", "satudata_smki_destruction.index")
    return closed(tk.render("satudata/smki/destructions.html", found))


def propose(id: str) -> Any:
    """Say whether the data of a dataset may be destroyed, and propose it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_destruction_check", id=id)
    may = found["proposes"] and not found["against"] and not found["running"]
    road = _proposing(found) if may else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki_destruction.show", id=attempt.result["id"])
    return form("satudata/smki/destruction_new.html", road, attempt, found=found)


def show(id: str) -> Any:
    """Show a destruction, and conclude it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_destruction_show", id=id)
    roads: dict[str, Road] = {}
    if found["approves"] and not found["against"]:
        roads["approve"] = _approving(found)
    if found["refuses"]:
        roads["refuse"] = _refusing(found)
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_smki_destruction.show", id=id)
    body = tk.render("satudata/smki/destruction.html", {"found": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def record(id: str, form: str) -> Any:
    """Give the record (Berita Acara Pemusnahan) as PDF or DOCX, a draft until it is done."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_destruction_show", id=id)
    if form not in WRITERS:
        return tk.abort(404, tk._("Not found"))
    said, translate = definitions(), indonesian.translator()
    address = tk.h.url_for("satudata_smki_destruction.show", id=id, qualified=True)
    row = reading.find(id)
    body = registry.body_of(Duty.WALIDATA)
    frame = Frame(
        institution=said.sop.institution,
        body=body.title if body else "",
        number=None,
        decided=row.done_at.astimezone(days.CITY).date()
        if row is not None and row.done_at
        else None,
        address=address,
        code=code.picture(address),
        emblem=registers.operators_emblem(),
    )
    told = destruction_record.record(found, frame, said.classification, translate)
    response = flask.Response(WRITERS[form](told), mimetype=official_files.TYPES[form])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="berita-acara-pemusnahan.{form}"'
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def approval(id: str) -> Any:
    """Send the signed approval to who sees the destruction."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_destruction_show", id=id)
    scan = model.Session.get(DecreeScanRow, found["id"]) if found["sha256"] else None
    if scan is None:
        return tk.abort(404, tk._("Not found"))
    return scans.send(scan.content, "persetujuan-pemusnahan.pdf")


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.astimezone(days.CITY).date() if moment else None


def _proposing(found: dict[str, Any]) -> Road:
    files = [Choice(f["id"], f["name"] or tk._("Unnamed file")) for f in found["files"]]
    return Road(
        title=tk._("Propose to destroy data"),
        intro=tk._(
            "The dataset, what was decided and the audit trail stay. Its bytes, tables and copies "
            "go for good, once somebody of another duty has approved it in writing."
        ),
        button=tk._("Propose"),
        fields=[
            field(
                "files",
                "agencies",
                tk._("Files"),
                help=tk._("Choose none to destroy all that the dataset has and had."),
                choices=files,
                required=False,
            ),
            field(
                "assessment",
                "text",
                tk._("Assessment"),
                help=tk._("Why it has no more value. Name no person and none of the data."),
                max_length=LONGEST,
            ),
            field(
                "witnesses",
                "text",
                tk._("Witnesses"),
                help=tk._("By office, each on a line; no names."),
                max_length=1300,
            ),
        ],
        call=lambda values: call.call(
            "satudata_smki_destruction_propose", **values, id=found["dataset"]
        ),
        done=tk._("The destruction is proposed."),
    )


def _approving(found: dict[str, Any]) -> Road:
    megabytes = bounds().scan_bytes // 1_000_000
    return Road(
        title=tk._("Approve the destruction"),
        intro=tk._("It cannot be taken back. The portal begins at once."),
        button=tk._("Approve the destruction"),
        fields=[
            field("nomor", "line", tk._("Number of the written approval"), max_length=LINE),
            field("day", "date", tk._("Day of the written approval")),
            field(
                "scan",
                "file",
                tk._("Signed paper"),
                help=tk._("A PDF of at most {megabytes} MB.").format(megabytes=megabytes),
            ),
        ],
        call=lambda values: call.call(
            "satudata_smki_destruction_approve", **values, id=found["id"]
        ),
        done=tk._("The destruction is approved; the portal carries it out."),
    )


def _refusing(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Refuse or withdraw it"),
        intro="",
        button=tk._("Refuse or withdraw it"),
        fields=[
            field("reason", "text", tk._("Why"), help=tk._("Name no person and none of the data."))
        ],
        call=lambda values: call.call("satudata_smki_destruction_refuse", **values, id=found["id"]),
        done=tk._("The destruction is refused."),
    )


def satudata_destroyed(package_id: str) -> list[dict[str, Any]]:
    """Return what was destroyed of a dataset: the day, the approval, and files that were given.

    For who may see its metadata; to others nothing was.
    """
    facts = reads.facts_of(package_id)
    if not decide(registry.actor_from_context(call.context()), facts, Channel.METADATA):
        return []
    return [
        {
            "day": _day(row.done_at),
            "number": row.nomor,
            "whole": row.whole,
            "files": [name for name in reading.names_of(row.served).values() if name],
        }
        for row in reading.done_of(package_id)
    ]


def satudata_may_destroy(package_id: str) -> bool:
    """Tell whether the reader proposes destructions of a dataset."""
    if not call.logged_in():
        return False
    try:
        return bool(call.call("satudata_smki_destruction_check", id=package_id)["proposes"])
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return False


BOTH = ["GET", "POST"]
destructions.add_url_rule(PAGE, "index", index)
destructions.add_url_rule(f"{PAGE}/dataset/<id>", "propose", propose, methods=BOTH)
destructions.add_url_rule(f"{PAGE}/<id>", "show", show, methods=BOTH)
destructions.add_url_rule(f"{PAGE}/<id>/berita-acara.<form>", "record", record)
destructions.add_url_rule(f"{PAGE}/<id>/persetujuan.pdf", "approval", approval)
page_names.known_as(smki_destructions="satudata_smki_destruction.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [destructions]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_destroyed, satudata_may_destroy)}

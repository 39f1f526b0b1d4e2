"""Pages and files of the registers, of each excluded item, and of what decided it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config, days
from ...access.papers import determinations
from ...access.papers.register_actions import FIRST_YEAR, LAST_YEAR, kinds_of, wanted_of
from ...access.reading import problems, registers
from ...access.reading.register_rules import REGISTERS
from ...agencies import registry
from ...agencies.rules.duties import Duty
from ...classification.grants.request_definition import request_rules
from ...classification.requests.store import engine
from ...classification.rules import indonesian
from ...classification.rules.axes import classification
from ...msgids import N_
from ...sop.documents.definition import definitions
from ...sop.files import code, emblem, official_files, official_word
from ...sop.papers import determination as determination_paper
from ...sop.papers import official
from ...surface import page_names
from ...surface.pages import page
from ..desk.queues import page_number
from ..web import call, prose, wording
from ..web.forms import Choice
from .requests import satudata_may_ask

PER_PAGE = 20
LONGEST = 200
KEPT = ("agency", "kind", "year", "q")
FILES = ("csv", "xlsx", "pdf")
PAPERS = ("surat", "lembar")
PAPER_FILES = ("pdf", "docx")
# What a spreadsheet and a printed register hold at most; who wants more filters, or asks the API.
MOST_ROWS = {"csv": 50_000, "xlsx": 50_000, "pdf": 300}
WRITERS = {"csv": official_files.comma_separated, "xlsx": official_files.workbook}

blueprint = flask.Blueprint("satudata_registers", __name__)


@dataclass(frozen=True)
class Filter:
    """What somebody asks of a register, as the address of the page carries it."""

    register: str
    values: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def wanted(self) -> registers.Wanted:
        """Return what is to be found."""
        return wanted_of({"register": self.register, **self.values})

    def query(self, **more: Any) -> dict[str, Any]:
        """Return the words of an address that asks the same, and more."""
        return {k: v for k, v in {**self.values, **more}.items() if v}


def read(register: str, sent: Any) -> Filter:
    """Return what an address asks for; what does not exist is left out and told."""
    known = {
        "agency": [a.name for a in registry.load_agencies().values()],
        "kind": kinds_of(register),
    }
    values, unknown = {}, []
    for key in KEPT:
        value = sent.get(key, "").replace("\x00", "").strip()[:LONGEST]
        good = value in known[key] if key in known else True
        if key == "year":
            good = value.isascii() and value.isdigit() and len(value) == 4
            good = good and FIRST_YEAR <= int(value) <= LAST_YEAR
        if value and good:
            values[key] = value
        elif sent.get(key):
            unknown.append(key)
    return Filter(register, values, tuple(unknown))


def index() -> str:
    """Show where public information is found and asked for."""
    shown = {"registers": {name: tk._(official.WORDS[name]) for name in REGISTERS}}
    return tk.render("satudata/openness.html", shown)


def register(name: str) -> str:
    """Show a register, a page of it."""
    wanted = read(name, flask.request.args)
    number = page_number(flask.request.args.get("page"))
    found = registers.find(wanted.wanted(), PER_PAGE, (number - 1) * PER_PAGE)
    pages = max(1, math.ceil(found.count / PER_PAGE))
    if number > pages:
        number = pages
        found = registers.find(wanted.wanted(), PER_PAGE, (number - 1) * PER_PAGE)
    shown = {
        "name": name,
        "title": tk._(official.WORDS[name]),
        "rows": found.rows,
        "count": found.count,
        "counted": found.counted if name == "dik" else 0,
        "page": number,
        "pages": pages,
        "wanted": wanted,
        "choices": _choices(name),
        "files": FILES,
        "years": (FIRST_YEAR, LAST_YEAR),
    }
    return tk.render("satudata/register.html", shown)


def _choices(name: str) -> dict[str, list[Choice]]:
    agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
    return {
        "agency": [Choice(a.name, a.title) for a in agencies],
        "kind": [Choice(kind, _kind(name, kind)) for kind in kinds_of(name)],
    }


def _kind(register: str, kind: str) -> str:
    if register == "dik":
        return wording.choice("pasal_pengecualian", kind)
    return tk._(classification().label("jenis_informasi", kind))


def register_file(name: str, form: str) -> Any:
    """Give a register, as far as it is asked for, as a file; the same to everybody."""
    wanted = read(name, flask.request.args)
    found = registers.find(wanted.wanted(), MOST_ROWS[form])
    if found.count > MOST_ROWS[form]:
        text = tk._("This file holds at most %(count)s rows. Choose an agency or a year.")
        return tk.abort(413, text % {"count": tk.h.satudata_number(MOST_ROWS[form])})
    rows = [_in_words(row) for row in found.rows]
    said, translate = definitions(), indonesian.translator()
    if form == "pdf":
        told = official.register_paper(
            name,
            rows,
            note=counted_only(found.counted) if name == "dik" else "",
            filters=_told(wanted),
            today=days.today(),
            institution=said.sop.institution,
            rules=said.classification,
            translate=translate,
        )
    else:
        told = official.register_table(name, rows, said.classification, translate)
    text = json.dumps(told)
    content = _printed(text) if form == "pdf" else WRITERS[form](told)
    response = flask.Response(content, mimetype=official_files.TYPES[form].partition(";")[0])
    named = f"{name}-{days.today().isoformat()}.{form}"
    mark = hashlib.sha256(f"{form} {text}".encode()).hexdigest()
    return sent_file(response, named, mark, problems.OPEN)


def _in_words(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row whose description is without the signs of Markdown: a table shows them raw."""
    if not row.get("summary"):
        return row
    return {**row, "summary": " ".join(prose.plain(row["summary"]).split())}


def sent_file(response: flask.Response, named: str, mark: str | None, cached: str) -> Any:
    """Return a paper or a register as it is sent, with its name, and what caches may do with it."""
    response.headers["Content-Disposition"] = f'inline; filename="{named}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cached
    if mark is None:
        return response
    response.set_etag(mark)
    return response.make_conditional(flask.request)


@lru_cache(maxsize=8)
def _printed(said: str) -> bytes:
    """Return a register as PDF; the last ones are kept, since printing takes seconds."""
    return official_files.pdf(json.loads(said))


def counted_only(number: int) -> str:
    """Return in Indonesian what is said of what is only counted; empty where there is nothing."""
    if not number:
        return ""
    text = indonesian.ngettext(
        "{number} top secret item is not told.", "{number} top secret items are not told.", number
    )
    return text.format(number=number)


def _told(wanted: Filter) -> list[str]:
    """Return in Indonesian what was asked for."""
    translate, values = indonesian.translator(), wanted.values
    found = []
    if "agency" in values:
        agency = registry.agency(values["agency"])
        found.append(agency.title if agency else values["agency"])
    if "kind" in values:
        label = wording.EXEMPTIONS.get(values["kind"])
        if wanted.register == "dip":
            label = classification().label("jenis_informasi", values["kind"])
        found.append(translate(label or values["kind"]))
    return found + [values[key] for key in ("year", "q") if key in values]


def item(item_id: str) -> Any:
    """Show one excluded item: why, until when, who may ask, by when one is answered."""
    found = registers.item_of(item_id)
    if found is None:
        return _not_found()
    if found["id"] != item_id:
        return tk.redirect_to("satudata_registers.item", item_id=found["id"])
    rules, today = request_rules(), days.today()
    due = engine().due_after("confirm", "open", None, today)
    may_ask = bool(found["dataset"]) and satudata_may_ask(_id_of(found["dataset"]["name"]))
    actor = registry.actor_from_context(call.context())
    shown = {
        "item": found,
        "today": today,
        "expired": found["until"] is not None and found["until"] < today,
        "article": wording.choice("pasal_pengecualian", found["article"]),
        "due": due,
        "extended": engine().due_after("extend", "open", due, today),
        "rules": rules,
        "objection": rules.objection.within_working_days,
        "may_ask": may_ask,
        "ppid": _ppid(),
        "documents": determinations.read(actor, found["id"]) is not None,
        "period": classification().exclusion.periods.get(found["article"]),
    }
    return tk.render("satudata/excluded_item.html", shown)


def _id_of(name: str) -> str:
    package = model.Package.get(name)
    return package.id if package else ""


def _ppid() -> dict[str, str] | None:
    """Return how PPID is reached, where there is one."""
    body = registry.body_of(Duty.PPID)
    group: Any = model.Group.get(body.id) if body else None
    if body is None or group is None:
        return None
    return {
        "name": body.name,
        "title": body.title,
        "mailbox": str((group.extras or {}).get("kotak_surat") or ""),
    }


def _not_found() -> Any:
    return tk.abort(404, tk._("There is no such item in the register."))


def _records(reference: str) -> list[determinations.Record]:
    """Return what stands on one paper: what one act decided, or the drafts that are signed as one.

    The address names further drafts (``bersama``), each by its case.
    """
    actor = registry.actor_from_context(call.context())
    record = determinations.read(actor, reference) or _not_found()
    if record.draft:
        also = [r for r in flask.request.args.getlist("bersama") if "\x00" not in r]
        return determinations.drafts(actor, [record.case_id, *also])
    return determinations.together(actor, record)


def _paper(records: Sequence[determinations.Record], name: str) -> dict[str, Any]:
    said, first = definitions(), records[0]
    walidata, ppid = registry.body_of(Duty.WALIDATA), registry.body_of(Duty.PPID)
    if first.receipt:
        named = {"tanda-terima": first.receipt}
        address = tk.h.url_for("satudata_ledger.index", qualified=True, **named)
    else:
        address = tk.h.url_for(
            "satudata_registers.determination", decision_id=first.case_id, qualified=True
        )
    frame = determination_paper.Frame(
        institution=said.sop.institution,
        body=ppid.title if ppid else "",
        number=first.number,
        decided=first.decided,
        address=address,
        code=code.picture(address),
        emblem=operators_emblem(),
        copies=(walidata.title,) if walidata else (),
    )
    items = [
        determination_paper.Item(
            r.said,
            r.package.title or r.package.name,
            r.case_id[:8].upper(),
            in_force=r.in_force,
            receipt=r.receipt,
        )
        for r in records
    ]
    write = (
        determination_paper.sheet_paper if name == "lembar" else determination_paper.letter_paper
    )
    return write(items, frame, said.classification, indonesian.translator())


def operators_emblem() -> str | None:
    """Return the emblem of the operator's; a file that cannot be read leaves its place neutral."""
    try:
        return emblem.read(config.emblem())
    except emblem.EmblemError:
        return None


def determination(decision_id: str) -> Any:
    """Show the decision and the sheet of its consequence test, as they are printed."""
    records = _records(decision_id)
    papers = [(name, _paper(records, name)) for name in PAPERS]
    also = [r.case_id for r in records[1:]] if records[0].draft else []

    def address_of(name: str, form: str) -> str:
        named = {"decision_id": records[0].id, "paper": name, "form": form, "bersama": also}
        return tk.h.url_for("satudata_registers.determination_file", **named)

    shown = {
        "record": records[0],
        "records": records,
        "papers": [{"name": name, **paper, "part": _part(paper)} for name, paper in papers],
        "address_of": address_of,
        "style": official_files.style(),
    }
    return tk.render("satudata/determination.html", shown)


def _part(paper: Mapping[str, Any]) -> Any:
    return tk.literal(official_files.part(paper))


def determination_file(decision_id: str, paper: str, form: str) -> Any:
    """Give the decision or its sheet as a file; no cache keeps it, it is not for everybody."""
    if paper not in PAPERS:
        return _not_found()
    told = _paper(_records(decision_id), paper)
    written = {"pdf": official_files.pdf, "docx": official_word.docx}[form](told)
    response = flask.Response(written, mimetype=official_files.TYPES[form])
    return sent_file(response, f"{paper}-penetapan.{form}", None, problems.CLOSED)


def satudata_determination_draft(dataset_id: str) -> str | None:
    """Return the id of the case of which the reader prints a draft, to sign it before the step."""
    if not call.logged_in():
        return None
    return determinations.draft_of(registry.actor_from_context(call.context()), dataset_id)


def satudata_excluded_item(dataset_id: str) -> str | None:
    """Return the id of the item of a dataset in the register of excluded information."""
    return registers.item_of_dataset(dataset_id)


def satudata_determination(dataset_id: str) -> str | None:
    """Return the id of the decision that excludes a dataset, for who may see its papers."""
    found = determinations.in_force(dataset_id)
    actor = registry.actor_from_context(call.context())
    return found if found and determinations.read(actor, found) else None


blueprint.add_url_rule(
    "/satudata/keterbukaan",
    "index",
    page(
        index,
        light=True,
        about=N_(
            "Registers of public and of excluded information, their legal bases and how to object."
        ),
    ),
)
_ABOUT = {
    "dip": N_(
        "Register of public information (DIP), made from the decisions in force, also as a file."
    ),
    "dik": N_(
        "Register of excluded information (DIK): why an item is closed, until when, how to object."
    ),
}
for _name in REGISTERS:
    _view = page(register, light=True, about=_ABOUT[_name])
    blueprint.add_url_rule(f"/satudata/{_name}", _name, _view, defaults={"name": _name})
    for _form in FILES:
        blueprint.add_url_rule(
            f"/satudata/{_name}.{_form}",
            "register_file",
            register_file,
            defaults={"name": _name, "form": _form},
        )
blueprint.add_url_rule("/satudata/dik/<item_id>", "item", page(item, light=True))
page_names.known_as(excluded="satudata_registers.item")
blueprint.add_url_rule("/satudata/penetapan/<decision_id>", "determination", determination)
for _form in PAPER_FILES:
    blueprint.add_url_rule(
        f"/satudata/penetapan/<decision_id>/<paper>.{_form}",
        "determination_file",
        determination_file,
        defaults={"form": _form},
    )


HELPERS = (satudata_excluded_item, satudata_determination, satudata_determination_draft)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [blueprint]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in HELPERS}

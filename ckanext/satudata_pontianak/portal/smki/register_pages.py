"""Pages of the registers of information security: as lists, as files, and line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...access.reading import problems
from ...agencies import registry
from ...msgids import N_
from ...smki import registers
from ...smki.register_show import choices, entries
from ...smki.rules.registers import registers as definition
from ...sop.files import official_files
from ...surface import page_names
from ..offices.registers import sent_file
from ..web import call, form_page
from ..web.form_page import Attempt, Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from .pages import HOME, called

lines_of_registers = flask.Blueprint("satudata_smki_registers", __name__)

PER_PAGE = 20
MOST_ROWS = 50_000
STATES = ("open", "incomplete", "ended")
STATE_LABELS = {
    "open": N_("All lines"),
    "incomplete": N_("Those in which something is missing"),
    "ended": N_("Those that have ended"),
}
WRITERS = {"csv": official_files.comma_separated, "xlsx": official_files.workbook}
DRAWN = {"number": "line", "role": "choice", "controls": "agencies"}
"""How a field of a register is drawn, where it has another name in forms."""


def index() -> Any:
    """List the registers, and how complete each is."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_register_list")
    return closed(tk.render("satudata/smki/registers.html", {"registers": found}))


def show(name: str) -> Any:
    """Show a register, a page of it."""
    if not call.logged_in():
        return call.log_in()
    asked = flask.request.args.get("state", STATES[0])
    state = asked if asked in STATES else STATES[0]
    number = min(max(1, flask.request.args.get("page", 1, type=int)), 10**6)
    found = called(
        "satudata_smki_entry_list",
        register=name,
        state=state,
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
    )

    def query(page: int) -> str:
        return tk.h.url_for("satudata_smki_registers.show", name=name, state=state, page=page)

    shown = {
        "found": found,
        "name": name,
        "state": state,
        "states": {key: tk._(label) for key, label in STATE_LABELS.items()},
        "page": number,
        "pages": -(-found["count"] // PER_PAGE) or 1,
        "query": query,
        "files": tuple(WRITERS),
        "opens": registers.may_open(_reader(), definition().registers[name]),
    }
    return closed(tk.render("satudata/smki/register.html", shown))


def file(name: str, form: str) -> Any:
    """Give a register as a file: of its reader, who may not know of other lines."""
    if not call.logged_in():
        return call.log_in()
    try:
        tk.check_access("satudata_smki_entry_list", call.context(), {"register": name})
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    actor, register = _reader(), definition().registers.get(name)
    if register is None or register not in registers.of(actor):
        return tk.abort(404, tk._("Not found"))
    lines = registers.lines(actor, register)
    if len(lines) > MOST_ROWS:
        text = tk._("This file holds at most %(count)s rows. Choose an agency or a year.")
        return tk.abort(413, text % {"count": tk.h.satudata_number(MOST_ROWS)})
    found = entries(register, lines, len(lines))
    rows = found["results"]
    columns = found["columns"]
    table = {
        "caption": found["label"],
        "heads": [tk._("No."), tk._("Line"), *columns.values(), tk._("Missing")],
        "widths": [6, 24, *[16] * len(columns), 24],
        "rows": [
            [
                str(number),
                row["title"],
                *(row["values"].get(key, "") for key in columns),
                "; ".join(row["missing"]),
            ]
            for number, row in enumerate(rows, 1)
        ],
    }
    response = flask.Response(
        WRITERS[form](table), mimetype=official_files.TYPES[form].partition(";")[0]
    )
    return sent_file(response, f"{name}-{days.today().isoformat()}.{form}", None, problems.CLOSED)


def new(name: str) -> Any:
    """Open a line of a register by hand."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_entry_list", register=name, limit=0)
    register = definition().registers[name]
    if not registers.may_open(_reader(), register):
        return tk.abort(403, tk._(registers.NOT_YOURS))
    specs = [
        {
            "name": spec.name,
            "type": spec.type,
            "label": tk._(spec.label),
            "help": tk._(spec.help) if spec.help else "",
            "required": spec.name == register.named_by,
            "max_length": spec.max_length if spec.type in ("text", "line") else None,
            "choices": choices(spec),
            "value": None,
            "suggested": None,
            "proposed": False,
        }
        for spec in register.fields.values()
        if not spec.portal
    ]
    road = Road(
        title=tk._("Open a line"),
        intro=tk._(register.help),
        button=tk._("Save"),
        fields=[_field(spec) for spec in specs],
        call=lambda values: call.call(
            "satudata_smki_entry_save", register=name, values=_given(values)
        ),
        done=tk._("The line is saved."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki_registers.entry", number=attempt.result["number"])
    return _form("satudata/smki/entry_new.html", road, attempt, found=found, name=name)


def entry(number: str) -> Any:
    """Show a line; write in it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_entry_show", entry=number)
    road = _save_road(found) if found["mine"] else None
    attempt = form_page.offered(road)
    return _after(attempt, found) or _entry(found, road, attempt)


def accept(number: str) -> Any:
    """Accept what is left of a risk."""
    return _act(number, _accept_road)


def end(number: str) -> Any:
    """End a line."""
    return _act(number, _end_road)


def _act(number: str, road_of: Any) -> Any:
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_entry_show", entry=number)
    road = road_of(found)
    attempt = form_page.travel(road)
    return _after(attempt, found) or _entry(found, road, attempt, alone=True)


def _after(attempt: Attempt, found: Mapping[str, Any]) -> Any:
    """Go back to the line once something was done with it."""
    if not attempt.done:
        return None
    return tk.redirect_to("satudata_smki_registers.entry", number=found["number"] or found["id"])


def _entry(
    found: dict[str, Any], road: Road | None, attempt: Attempt, *, alone: bool = False
) -> Any:
    """Show a line with its forms; ``alone``: with the one that was sent."""
    risk = found["risk"]
    more = []
    if not alone and risk and risk["may_accept"]:
        more.append(("accept", _accept_road(found)))
    if not alone and found["ends"]:
        more.append(("end", _end_road(found)))
    return _form("satudata/smki/entry.html", road, attempt, entry=found, more=more)


def _form(template: str, road: Road | None, attempt: Attempt, **shown: Any) -> Any:
    said = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render(template, {**shown, **said}), attempt.status)


def _reader() -> Any:
    return registry.actor_from_context(call.context())


def _field(spec: Mapping[str, Any]) -> Field:
    """Return a field of a line as a form draws it."""
    type_ = DRAWN.get(str(spec["type"]), str(spec["type"]))
    if spec["type"] == "number" and spec["choices"]:
        type_ = "choice"
    help = spec["help"]
    if spec["proposed"]:
        stands = tk._("While this is empty it is: {value}.").format(value=spec["shown"])
        help = f"{help} {stands}".strip()
    value = spec["value"] if spec["value"] not in (None, "") else spec["suggested"]
    return field(
        spec["name"],
        type_,
        spec["label"],
        help=help,
        required=spec["required"],
        max_length=spec["max_length"],
        choices=[Choice(*item) for item in spec["choices"].items()],
        value=value if isinstance(value, list) or value is None else str(value),
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _save_road(found: Mapping[str, Any]) -> Road:
    specs = [spec for spec in found["fields"] if not spec["filled"]]

    def save(values: Mapping[str, Any]) -> Any:
        # What was emptied in the form is emptied in the line.
        given = {spec["name"]: values.get(spec["name"]) or "" for spec in specs}
        return call.call("satudata_smki_entry_save", entry=found["id"], values=given)

    return Road(
        title=tk._("What people fill in"),
        intro=tk._("Name no person and none of the data."),
        button=tk._("Save"),
        fields=[_field(spec) for spec in specs],
        call=save,
        done=tk._("The line is saved."),
    )


def _accept_road(found: Mapping[str, Any]) -> Road:
    return Road(
        title=tk._("Accept what is left of this risk"),
        intro=tk._("The acceptance ends on its day, and falls when anything of the risk changes."),
        button=tk._("Accept"),
        fields=[field("until", "date", tk._("Last day"))],
        hidden={"digest": found["risk"]["digest"]},
        call=lambda values: call.call(
            "satudata_smki_risk_accept",
            entry=found["id"],
            until=values.get("until", ""),
            digest=flask.request.form.get("digest", ""),
        ),
        done=tk._("What is left of the risk is accepted."),
    )


def _end_road(found: Mapping[str, Any]) -> Road:
    return Road(
        title=tk._("End this line"),
        intro=tk._("It stays in the register as ended."),
        button=tk._("End this line"),
        fields=[field("reason", "text", tk._("Reason"), max_length=1000)],
        call=lambda values: call.call(
            "satudata_smki_entry_end", entry=found["id"], reason=values.get("reason", "")
        ),
        done=tk._("The line has ended."),
    )


def satudata_sees_registers() -> bool:
    """Tell whether the reader sees lines of some register."""
    return call.logged_in() and registers.any_of(_reader())


_REGISTER = f"{HOME}/register"
lines_of_registers.add_url_rule(_REGISTER, "index", index)
lines_of_registers.add_url_rule(f"{_REGISTER}/<name>", "show", show)
for _form_of_file in WRITERS:
    lines_of_registers.add_url_rule(
        f"{_REGISTER}/<name>.{_form_of_file}", "file", file, defaults={"form": _form_of_file}
    )
lines_of_registers.add_url_rule(f"{_REGISTER}/<name>/baru", "new", new, methods=["GET", "POST"])
_LINE = f"{HOME}/baris/<number>"
lines_of_registers.add_url_rule(_LINE, "entry", entry, methods=["GET", "POST"])
lines_of_registers.add_url_rule(f"{_LINE}/terima", "accept", accept, methods=["POST"])
lines_of_registers.add_url_rule(f"{_LINE}/akhiri", "end", end, methods=["POST"])
page_names.known_as(smki_registers="satudata_smki_registers.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [lines_of_registers]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sees_registers": satudata_sees_registers}

"""Registers as the API gives them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from ..agencies import registry, words
from ..agencies.rules.duties import Actor
from . import controls, register_answers, registers, show
from .records import roles
from .registers import Line
from .rules import risks
from .rules.definition import smki
from .rules.registers import Field, Register, applies
from .rules.registers import registers as definition

TEXTS = frozenset({"text", "line"})


@dataclass(frozen=True)
class Named:
    """What ids that stand in lines are called: people, agencies, datasets."""

    people: Mapping[str, str]
    agencies: Mapping[str, str]
    datasets: Mapping[str, tuple[str, str]]


def named(lines: Sequence[Line]) -> Named:
    """Read what is needed to show lines: three queries, however many."""
    people = {line.row.changed_by for line in lines}
    for line in lines:
        people.update(_of_type(line, "person"))
        kept = registers.acceptance(line.row)
        people.update([kept.by] if kept else [])
    package: Any = model.Package
    ids = [line.row.package_id for line in lines if line.row.package_id]
    query = sa.select(package.id, package.name, package.title).where(package.id.in_(ids))
    rows = model.Session.execute(query).tuples() if ids else []
    agencies = {one.id: one.title for one in registry.load_agencies().values()}
    return Named(words.names_of(people), agencies, {i: (name, title) for i, name, title in rows})


def _of_type(line: Line, type_: str) -> Iterable[str]:
    fields = line.register.fields.values()
    return (
        str(line.row.known[f.name]) for f in fields if f.type == type_ and f.name in line.row.known
    )


def title(line: Line, names: Named) -> str:
    """Return what a line is called; a dataset by its title to who may read its metadata."""
    row = line.row
    if row.package_id:
        name, said = names.datasets.get(row.package_id, ("", ""))
        return (said if line.named else "") or name
    key = line.register.named_by
    if key in row.known:
        return _known_text(line.register.fields[key], row.known[key], names)
    return str(row.written.get(key) or "")


def _known_text(field: Field, value: Any, names: Named) -> str:
    """Return what the portal knows: of it texts are msgids."""
    if field.type in TEXTS and isinstance(value, str) and value:
        return tk._(value)
    return shown(field, value, names)


def shown(field: Field, value: Any, names: Named) -> str:
    """Return a value in words."""
    if value in (None, "", []):
        return ""
    if field.type == "choice":
        return tk._(field.choices[value]) if value in field.choices else str(value)
    if field.type == "role":
        return show.role_label(value) if value in smki().roles.roles else str(value)
    if field.type == "agency":
        return names.agencies.get(value, "")
    if field.type == "agencies":
        return "; ".join(filter(None, (names.agencies.get(one, "") for one in value)))
    if field.type == "person":
        return names.people.get(value, "")
    if field.type == "controls":
        known = smki().controls.controls
        return "; ".join(tk._(known[one].label) if one in known else one for one in value)
    if field.type == "codes":
        return ", ".join(map(str, value))
    return str(value)


def visible(line: Line, field: Field) -> bool:
    """Tell whether a field of a line is shown to its reader."""
    return line.named and (line.data or not field.data)


def _filled(line: Line, field: Field) -> bool:
    return field.portal or field.name in registers.kept_by_portal(line.row, line.register)


def _words(line: Line, field: Field, names: Named) -> str:
    row = line.row
    if field.name in row.known:
        return _known_text(field, row.known[field.name], names)
    if row.package_id and field.name == line.register.named_by:
        return title(line, names)
    if field.name in line.proposed:
        text = _known_text(field, line.proposed[field.name], names)
        return tk._("{value} (proposed by the portal)").format(value=text)
    return shown(field, row.written.get(field.name), names)


def entry_row(line: Line, names: Named) -> register_answers.EntryRow:
    """Return what a list gives of a line."""
    row = line.row
    missing = line.missing if row.ended_at is None and line.named else []
    fields = line.register.fields
    dataset = names.datasets.get(row.package_id or "", (None, ""))[0]
    return {
        "id": row.id,
        "number": None if row.package_id else row.number,
        "register": row.register,
        "title": title(line, names),
        "dataset": dataset,
        "complete": not missing,
        "missing": [tk._(fields[name].label) for name in missing],
        "due": line.due.isoformat(),
        "late": bool(missing) and line.due < days.today(),
        "ended": row.ended_at.isoformat() if row.ended_at else None,
        "mine": line.write and row.ended_at is None,
        "values": {
            name: _words(line, field, names)
            for name, field in fields.items()
            if visible(line, field)
        },
    }


def register_rows(actor: Actor) -> list[register_answers.RegisterRow]:
    """Return the registers that somebody reads, and how complete what they see of each is."""
    carried = roles.carried_by(actor)
    return [_register_row(one, actor, carried) for one in registers.of(actor, carried)]


def _register_row(
    register: Register, actor: Actor, carried: frozenset[str]
) -> register_answers.RegisterRow:
    lines = registers.lines(actor, register, carried=carried)
    return {
        "register": register.name,
        "label": tk._(register.label),
        "help": tk._(register.help),
        "chapter": register.chapter,
        "lines": len(lines),
        "incomplete": len(registers.in_state(lines, "incomplete")),
        "late": len(registers.in_state(lines, "late")),
        "counted": counted(register),
        "opens": registers.may_open(actor, register, carried),
    }


def counted(register: Register) -> int | None:
    """Return how many datasets have no line because they are only counted, of the whole city."""
    return registers.counted() if "datasets" in register.filled else None


def entries(register: Register, lines: Sequence[Line], count: int) -> register_answers.Entries:
    """Return some lines of a register."""
    names = named(lines)
    return {
        "register": register.name,
        "label": tk._(register.label),
        "count": count,
        "counted": counted(register),
        "columns": {name: tk._(field.label) for name, field in register.fields.items()},
        "results": [entry_row(line, names) for line in lines],
    }


def entry(line: Line, actor: Actor) -> register_answers.EntryShown:
    """Return a line with its fields."""
    names, row, register = named([line]), line.row, line.register
    return {
        **entry_row(line, names),
        "label": tk._(register.label),
        "fields": [
            _field(line, field, names)
            for field in register.fields.values()
            if visible(line, field) and not (row.package_id and field.name == register.named_by)
        ],
        "created": row.created_at.isoformat(),
        "changed": row.changed_at.isoformat() if row.changed_at else None,
        "changed_by": names.people.get(row.changed_by or ""),
        "ends": registers.end_objection(line, actor) is None,
        "end_reason": row.written.get(registers.REASON) if line.named else None,
        "risk": _risk(line, actor, names) if register.name == registers.RISKS else None,
    }


def _field(line: Line, field: Field, names: Named) -> register_answers.EntryField:
    row = line.row
    filled = _filled(line, field)
    value = row.known.get(field.name) if filled else row.written.get(field.name)
    required = field.name in line.register.required and field.name not in line.proposed
    return {
        "name": field.name,
        "type": field.type,
        "label": tk._(field.label),
        "help": tk._(field.help) if field.help else "",
        "required": required and applies(line.register, field, line.values),
        "filled": filled,
        "proposed": field.name in line.proposed,
        "max_length": field.max_length if field.type in TEXTS else None,
        "choices": choices(field),
        "value": value,
        "shown": _words(line, field, names),
        "suggested": _suggested(line, field),
    }


def choices(field: Field) -> dict[str, str]:
    """Return what may be chosen in a field, in words."""
    if field.type == "role":
        return {name: show.role_label(name) for name in smki().roles.roles}
    if field.type == "controls":
        return {name: tk._(each.label) for name, each in smki().controls.controls.items()}
    if field.type == "number" and field.high <= 5:
        return {str(n): _step(field, n) for n in range(field.low, field.high + 1)}
    return {value: tk._(text) for value, text in field.choices.items()}


def _step(field: Field, number: int) -> str:
    scales = {"likelihood": definition().risks.likelihood, "impact": definition().risks.impact}
    scale = scales.get(field.name.removesuffix("_after"))
    return f"{number}: {tk._(scale[number - 1].label)}" if scale else str(number)


def _suggested(line: Line, field: Field) -> Any:
    risk = catalogued(line) if field.name in ("likelihood", "impact") else None
    return getattr(risk, field.name) if risk else None


def catalogued(line: Line) -> risks.Risk | None:
    """Return the risk of the catalogue that a line began with."""
    if line.register.name != registers.RISKS:
        return None
    return definition().risks.risks.get(line.row.key.partition(":")[2])


def _risk(line: Line, actor: Actor, names: Named) -> register_answers.RiskShown:
    rules, values, today = definition().risks, line.values, days.today()
    size = risks.left(values, today)
    level = rules.level(size) if size is not None else None
    kept = registers.acceptance(line.row)
    ahead = today.replace(day=1)
    against = registers.acceptance_objections(line, actor, ahead)
    return {
        "before": risks.score(values),
        "after": risks.score(values, after=True),
        "left": size,
        "level": level.name if level else None,
        "level_label": tk._(level.label) if level else None,
        "appetite": rules.appetite,
        "above": size is None or size > rules.appetite,
        "overdue": risks.overdue(values, today),
        "accepted": {
            "by": names.people.get(kept.by),
            "role": kept.role,
            "role_label": show.role_label(kept.role),
            "at": kept.at,
            "until": kept.until.isoformat(),
            "stands": registers.accepted(line.row, today),
        }
        if kept
        else None,
        "may_accept": line.row.ended_at is None
        and not [each for each in against if each.key == "entry"],
        "digest": registers.digest(line.row),
        "controls": _controls(values.get("controls") or ()),
    }


def _controls(wanted: Iterable[str]) -> list[register_answers.RiskControl]:
    known, standing = smki().controls.controls, controls.standing()
    rows = [show.control_row(known[name], standing.get(name)) for name in wanted if name in known]
    return [
        {
            "name": row["name"],
            "label": row["label"],
            "status": row["status"],
            "status_label": row["status_label"],
            "said": row["said"],
        }
        for row in rows
    ]

"""Fill the registers with what the portal knows, and keep that true; what people wrote stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ..ledger.service import append, entry_table
from . import sources
from .records.model import SmkiEntry, new_id, no_number, now
from .rules.registers import Register, applies, registers
from .sources import Known


@dataclass(frozen=True)
class Filled:
    """How many lines of a register were made, changed and ended."""

    register: str
    made: int
    changed: int
    ended: int

    def __bool__(self) -> bool:
        return bool(self.made or self.changed or self.ended)


SOURCES: Mapping[str, Callable[[Register], Iterable[Known]]] = {
    "datasets": sources.datasets,
    "personal": sources.personal,
    "lines": sources.lines,
    "risks": sources.risks,
    "people": sources.people,
    "ledger": sources.ledger,
    "advisories": sources.advisories,
    "questions": sources.questions,
}
"""What gives lines, by the name that ``registers.yaml`` gives it. Each has keys of its own."""
VERSIONED = ("ckanext-satudata_pontianak", "ckan")
"""What a version of the portal is made of."""
AT_ONCE = 500
"""So many lines are made by one statement."""


def run() -> list[Filled]:
    """Fill every register, each in a transaction of its own; return what changed."""
    _note_version()
    found = []
    for register in registers().registers.values():
        filled = fill(register)
        model.Session.commit()
        found += [filled] if filled else []
    return found


def _note_version() -> None:
    """Record that another version of the portal runs than the last one recorded; commit."""
    running = "; ".join(f"{name} {sources.installed().get(name, '')}" for name in VERSIONED)
    entry = entry_table.c
    query = sa.select(entry.body).where(entry.event == sources.VERSION).order_by(entry.id.desc())
    last = model.Session.scalar(query.limit(1))
    if last is None or (last.get("detail") or {}).get("version") != running:
        what = sources.FIRST if last is None else "other"
        append(
            model.Session,
            event=sources.VERSION,
            actor_id=None,
            detail={"version": running, "what": what},
        )
    model.Session.commit()


def fill(register: Register) -> Filled:
    """Bring a register up to date, in the caller's transaction.

    A line whose dataset or source is gone ends; one that comes back has what was written before.
    """
    made = changed = ended = 0
    for name in register.filled:
        wanted = {known.key: known for known in SOURCES[name](register)}
        prefix = sources.PREFIXES[name]
        rows = {row.key: row for row in _open(register.name, prefix)}
        for key, row in rows.items():
            if key in wanted:
                changed += _keep_true(row, wanted[key].values)
            elif name in sources.ENDING:
                ended += _end(row.id)
        rest = [known for key, known in wanted.items() if key not in rows]
        closed, before = earlier(register.name, [known.key for known in rest])
        rest = [one for one in rest if one.key not in closed or name in sources.REOPENING]
        made += make(register, rest, before)
    filled = Filled(register.name, made, changed, ended)
    if filled:
        append(
            model.Session,
            event="smki.entry_filled",
            actor_id=None,
            detail={"what": register.name, "number": made + changed + ended},
        )
    return filled


def _open(register: str, prefix: str) -> list[SmkiEntry]:
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == register,
        SmkiEntry.ended_at.is_(None),
        SmkiEntry.key.startswith(prefix, autoescape=True),
    )
    return list(model.Session.scalars(query))


def _keep_true(row: SmkiEntry, values: Mapping[str, Any]) -> bool:
    """Write what the portal knows into a line, where it is another; return whether it was."""
    if _fields(row.known) == values:
        return False
    query = sa.select(SmkiEntry).where(SmkiEntry.id == row.id, SmkiEntry.ended_at.is_(None))
    query = query.with_for_update().execution_options(populate_existing=True)
    held = model.Session.scalars(query).one_or_none()
    if held is None:
        return False
    held.known = {**{k: v for k, v in held.known.items() if k.startswith("_")}, **values}
    model.Session.flush()
    return True


def _fields(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a line the sources know; the rest (``_accepted``) is of the register."""
    return {name: value for name, value in known.items() if not name.startswith("_")}


def _end(entry_id: str) -> bool:
    statement = (
        sa.update(SmkiEntry)
        .where(SmkiEntry.id == entry_id, SmkiEntry.ended_at.is_(None))
        .values(ended_at=now())
    )
    return model.Session.scalar(statement.returning(SmkiEntry.id)) is not None


def earlier(register: str, keys: list[str]) -> tuple[set[str], dict[str, dict[str, Any]]]:
    """Return the keys whose line a person ended, and what was written in ended lines of others."""
    if not keys:
        return set(), {}
    query = (
        sa.select(SmkiEntry.key, SmkiEntry.ended_by, SmkiEntry.written)
        .where(
            SmkiEntry.register == register,
            SmkiEntry.key.in_(keys),
            SmkiEntry.ended_at.is_not(None),
        )
        .order_by(SmkiEntry.ended_at)
    )
    rows = list(model.Session.execute(query).tuples())
    by_person = {key: by is not None for key, by, _ in rows}
    return {key for key, ended in by_person.items() if ended}, {key: said for key, _, said in rows}


def make(
    register: Register, wanted: Iterable[Known], before: Mapping[str, Mapping[str, Any]]
) -> int:
    """Make lines, but those that another run of the clock just made; return how many.

    :param wanted: all of one source: each of a dataset, or none.
    :param before: key → what was written in an ended line of it.
    """
    made = 0
    rows = [_row(register, one, before.get(one.key, {})) for one in wanted]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        statement = postgresql.insert(SmkiEntry).values(some).on_conflict_do_nothing()
        made += len(model.Session.scalars(statement.returning(SmkiEntry.id)).all())
    return made


def _row(register: Register, known: Known, written: Mapping[str, Any]) -> dict[str, Any]:
    values = {**written, **known.values}
    kept = {
        name: value
        for name, value in written.items()
        if name in register.fields
        and name not in known.values
        and applies(register, register.fields[name], values)
    }
    return {
        "id": new_id(),
        "register": register.name,
        "key": known.key,
        "package_id": known.package_id,
        "known": dict(known.values),
        "written": kept,
        "created_at": now(),
        **({"number": no_number()} if known.package_id else {}),
    }

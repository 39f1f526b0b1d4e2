"""Lines of registers: who sees which, what people write in them, and how they end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies.rules.duties import Actor
from ..agencies.rules.objection import EMPTY, Objection
from ..classification.incidents.fields import PERSONAL, Kinds
from ..classification.records import reads
from ..classification.rules.axes import classification
from ..classification.rules.policy import Channel, Facts, decide
from ..classification.rules.refusals import InvalidFields
from ..ledger.service import append
from ..messages import Message
from ..msgids import N_
from . import tasks
from .records import numbered, roles
from .records.model import SmkiEntry, new_id, now
from .rules import planning, risks
from .rules.definition import smki
from .rules.registers import (
    PERSONAL_DATA,
    Field,
    Register,
    applies,
    due,
    missing,
    proposed,
    registers,
    standing,
)
from .rules.risks import Acceptance

RISKS = "risiko"
PEOPLE = "orang"
"""The register of people: whoever reads it sees their rights."""
ACCEPTED, TREATED_BY = "_accepted", "_treated_by"
"""Of a risk: what the portal knows beside its fields."""
REASON = "end_reason"
"""Why a line was ended: what people wrote beside the fields."""
BY_HAND = "hand:"
"""Begins the key of a line that a person opened."""

KEPT = N_("The portal fills this in by itself.")
NO_FIELD = N_("This register has no such field.")
NOT_YOURS = N_("This register is kept by others.")
NO_HAND = N_("The portal opens the lines of this register by itself.")
NO_END = N_("The portal ends the lines of this register by itself.")
NO_LIST = N_("Give a list of names of controls.")
UNKNOWN = N_("Choose one of: %(choices)s.")
NO_RISK = N_("Only a line of the register of risks is accepted.")
SEEN_OTHER = N_("This risk was changed since you looked at it. Look at it again.")
BARE = N_("A risk ends only while it is borne, treated in time or accepted.")
TREATS = N_("Whoever treats a risk, or wrote in its line, does not end it.")


@dataclass(frozen=True)
class Line:
    """A line as somebody sees it: ``named`` with its title and fields, ``data`` with all of them.

    ``write``: they may write in it.
    """

    row: SmkiEntry
    register: Register
    facts: Facts | None
    named: bool
    data: bool
    write: bool

    @property
    def missing(self) -> list[str]:
        """Return the required fields that nobody filled in."""
        found = missing(self.register, self.row.known, self.row.written)
        return [name for name in found if name not in kept_by_portal(self.row, self.register)]

    @property
    def due(self) -> dt.date:
        """Return until when what is missing has to be there."""
        return due(self.register, since(self.row), self.row.known)

    @property
    def values(self) -> dict[str, Any]:
        """Return what stands in its fields, whoever filled them in."""
        return standing(self.register, self.row.known, self.row.written)

    @property
    def proposed(self) -> dict[str, Any]:
        """Return what the portal proposes and nobody wrote otherwise."""
        found = proposed(self.register, self.row.known)
        return {name: value for name, value in found.items() if name not in self.row.written}


def kept_by_portal(row: SmkiEntry, register: Register) -> frozenset[str]:
    """Return the fields of a line that nobody fills in: a dataset names its line by itself."""
    of_dataset = [register.named_by] if row.package_id else []
    return frozenset([*row.known, *of_dataset])


def since(row: SmkiEntry) -> dt.date:
    """Return the first day of a line."""
    return row.created_at.astimezone(days.CITY).date()


def reads_whole(register: Register, carried: Collection[str]) -> bool:
    """Tell whether somebody reads a register by a role."""
    return any(role in register.read_by for role in carried)


def reads_some(register: Register, actor: Actor, carried: Collection[str]) -> bool:
    """Tell whether somebody reads lines of a register: by a role, or of their own datasets."""
    if not actor.active or actor.id is None:
        return False
    owns = register.owners and bool(actor.publishes_for)
    return owns or reads_whole(register, carried)


def of(actor: Actor, carried: Collection[str] | None = None) -> list[Register]:
    """Return the registers of which somebody reads lines."""
    carried = roles.carried_by(actor) if carried is None else carried
    return [r for r in registers().registers.values() if reads_some(r, actor, carried)]


def any_of(actor: Actor) -> bool:
    """Tell whether somebody reads lines of some register."""
    return bool(of(actor))


def counted_levels() -> frozenset[str]:
    """Return the levels of which no register says more than how many there are."""
    return frozenset(classification().exclusion.registers["counted"])


def only_counted(facts: Facts) -> bool:
    """Tell whether a dataset is of a level of which there are no lines."""
    return facts.decision is not None and facts.decision.level in counted_levels()


def may_know(actor: Actor, register: Register, row: SmkiEntry, facts: Facts) -> bool:
    """Tell whether somebody may know that there is a line of this dataset.

    One that is there because of what the scan found tells that, so it is for owners and for who
    may have the data. That of an app says what its entry says: for who may read that.
    """
    if not decide(actor, facts, Channel.EXISTS):
        return False
    if "personal" not in register.filled or row.known.get("personal") in PERSONAL_DATA:
        return True
    if "personal" not in row.known and decide(actor, facts, Channel.METADATA):
        return True
    owns = facts.owner_org in actor.publishes_for
    return owns or bool(decide(actor, facts, Channel.DATA))


def seen(
    actor: Actor,
    register: Register,
    rows: Iterable[SmkiEntry],
    carried: Collection[str] | None = None,
) -> list[Line]:
    """Return the lines of a register that somebody sees; of what they may not know there is none.

    The policy is asked for each dataset. What is gone, and what is only counted, has no line.

    :param carried: the roles that they carry, where that was read already.
    """
    rows = list(rows)
    carried = roles.carried_by(actor) if carried is None else carried
    if not reads_some(register, actor, carried):
        return []
    whole = reads_whole(register, carried)
    writes = any(role in register.write_by for role in carried)
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    found = []
    for row in rows:
        if row.package_id is None:
            if whole:
                found.append(Line(row, register, None, named=True, data=True, write=writes))
            continue
        said = facts.get(row.package_id)
        if said is None or only_counted(said):
            continue
        owns = register.owners and said.owner_org in actor.publishes_for
        if not (whole or owns) or not may_know(actor, register, row, said):
            continue
        named = bool(decide(actor, said, Channel.METADATA))
        data = named and bool(decide(actor, said, Channel.DATA))
        write = named and (owns or (whole and writes))
        found.append(Line(row, register, said, named=named, data=data, write=write))
    return found


def lines(
    actor: Actor,
    register: Register,
    *,
    ended: bool = False,
    carried: Collection[str] | None = None,
) -> list[Line]:
    """Return the lines of a register that somebody sees, in the order in which they began."""
    here = SmkiEntry.ended_at.is_not(None) if ended else SmkiEntry.ended_at.is_(None)
    carried = roles.carried_by(actor) if carried is None else carried
    query = sa.select(SmkiEntry).where(SmkiEntry.register == register.name, here)
    if not reads_whole(register, carried):
        package: Any = model.Package
        mine = sa.select(package.id).where(package.owner_org.in_(actor.publishes_for))
        query = query.where(SmkiEntry.package_id.in_(mine))
    rows = model.Session.scalars(query.order_by(SmkiEntry.created_at, SmkiEntry.id))
    return seen(actor, register, rows, carried)


def in_state(lines: Iterable[Line], state: str) -> list[Line]:
    """Return those of the lines that are in a state: ``incomplete``, ``late``, or any other."""
    if state not in ("incomplete", "late"):
        return list(lines)
    wanting = [line for line in lines if line.named and line.missing]
    return [line for line in wanting if state == "incomplete" or line.due < days.today()]


def find(actor: Actor, asked: str, *, lock: bool = False) -> Line | None:
    """Return the line with an id that somebody sees, or with a number where it has one."""
    row = numbered.find(SmkiEntry, asked, SmkiEntry.package_id.is_(None), lock=lock)
    register = registers().registers.get(row.register) if row is not None else None
    if row is None or register is None:
        return None
    return next(iter(seen(actor, register, [row])), None)


def counted() -> int:
    """Return how many datasets of the city are only counted; the same whoever asks."""
    query = sa.text(
        "SELECT count(*) FROM satudata_decision d JOIN package p ON p.id = d.package_id"
        " WHERE d.in_force AND p.state = 'active' AND d.tingkat_keamanan IN :levels"
    ).bindparams(sa.bindparam("levels", expanding=True))
    return int(model.Session.scalar(query, {"levels": sorted(counted_levels())}) or 0)


def may_open(actor: Actor, register: Register, carried: Collection[str] | None = None) -> bool:
    """Tell whether somebody opens lines of a register."""
    carried = roles.carried_by(actor) if carried is None else carried
    return register.by_hand and any(role in register.write_by for role in carried)


def digest(row: SmkiEntry) -> str:
    """Return what names all that people wrote in a line.

    The line's random id is part of it: nobody finds a text by trying.
    """
    said = json.dumps([row.id, row.written], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def create(actor: Actor, register: Register, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Open a line by hand; the caller commits.

    :returns: the line, and the receipt.
    :raises InvalidFields: it is not theirs, or a field is wrong.
    """
    if not may_open(actor, register):
        raise InvalidFields({"": [Message(NOT_YOURS if register.by_hand else NO_HAND)]})
    made = new_id()
    row = SmkiEntry(
        id=made,
        register=register.name,
        key=f"{BY_HAND}{made}",
        known={},
        written=checked(register, frozenset(), {}, {}, given, kinds_in),
        created_by=actor.id,
        created_at=now(),
    )
    if row.written.get(register.named_by) in (None, ""):
        raise InvalidFields({register.named_by: [Message(EMPTY)]})
    _treats(row, actor, {})
    model.Session.add(row)
    model.Session.flush()
    return row, record(row, actor, "smki.entry_saved")


def save(line: Line, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Write what was given into a line; what is not given stays. The caller commits.

    :returns: the receipt.
    :raises InvalidFields: it is not theirs, or a field is wrong.
    """
    if not line.write or line.row.ended_at is not None:
        raise InvalidFields({"": [Message(NOT_YOURS)]})
    row, before = line.row, line.row.written
    kept = kept_by_portal(row, line.register)
    row.written = checked(line.register, kept, row.known, before, given, kinds_in)
    row.changed_by, row.changed_at = actor.id, now()
    _treats(row, actor, before)
    return record(row, actor, "smki.entry_saved")


def end_objection(line: Line, actor: Actor) -> Message | None:
    """Return what speaks against somebody's ending a line by hand."""
    row, by_hand = line.row, line.row.key.startswith(BY_HAND)
    if not line.write or row.ended_at is not None:
        return Message(NOT_YOURS)
    if row.package_id is not None or not (by_hand or line.register.ended_by_hand):
        return Message(NO_END)
    if line.register.name != RISKS:
        return None
    today = days.today()
    stands = accepted(row, today)
    if risks.uncovered(registers().risks, line.values, today, accepted=stands):
        return Message(BARE)
    return Message(TREATS) if actor.id in treaters(row) else None


def end(line: Line, actor: Actor, reason: str) -> Any:
    """End a line by hand, for a reason; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: it is not theirs, the portal keeps it, or it is a risk that stands.
    """
    row, against = line.row, end_objection(line, actor)
    if against is not None:
        raise InvalidFields({"": [against]})
    row.written = {**row.written, REASON: reason}
    row.ended_at, row.ended_by = now(), actor.id
    return record(row, actor, "smki.entry_ended")


def identifying(name: str, text: str, kinds_in: Kinds) -> dict[str, list[Message]]:
    """Return what is wrong with a text in which identifiers stand, by field."""
    kinds = kinds_in(text)
    return {name: [Message(PERSONAL, {"kinds": ", ".join(kinds)})]} if kinds else {}


def record(row: SmkiEntry, actor: Actor, event: str) -> Any:
    """Write into the ledger that something was written, and never what."""
    return append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"entry": row.id, "digest": digest(row)},
    )


def _treats(row: SmkiEntry, actor: Actor, before: Mapping[str, Any]) -> None:
    """Remember who wrote in a risk: they neither accept what is left nor end it."""
    if row.register != RISKS or row.written == before:
        return
    people = {*row.known.get(TREATED_BY, ()), *([actor.id] if actor.id else [])}
    row.known = {**row.known, TREATED_BY: sorted(people)}


def checked(
    register: Register,
    kept: Collection[str],
    known: Mapping[str, Any],
    written: Mapping[str, Any],
    given: Mapping[str, Any],
    kinds_in: Kinds,
) -> dict[str, Any]:
    """Return what people wrote, with what was given now, checked; an empty value empties a field.

    What is not asked as the other fields stand is not kept.


    :raises InvalidFields: with every problem at once.
    """
    found, errors = dict(written), dict[str, list[Message]]()
    for name, value in given.items():
        field = register.fields.get(name)
        if field is None or field.portal or name in kept:
            errors[name] = [Message(NO_FIELD if field is None else KEPT)]
        elif value in (None, "", []):
            found.pop(name, None)
        else:
            problem, read = _read(field, value, kinds_in)
            errors |= {name: [problem]} if problem is not None else {}
            found[name] = read
    if errors:
        raise InvalidFields(errors)
    values = {**found, **known}
    return {
        name: value
        for name, value in found.items()
        if name not in register.fields or applies(register, register.fields[name], values)
    }


def _read(field: Field, value: Any, kinds_in: Kinds) -> tuple[Message | None, Any]:
    """Return what is wrong with a value, or what is kept of it."""
    if field.type == "controls":
        names = value.split() if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return Message(NO_LIST), None
        known = smki().controls.controls
        if any(name not in known for name in names):
            return Message(UNKNOWN, {"choices": sorted(known)}), None
        return None, sorted(set(names))
    labels = {name: role.label for name, role in smki().roles.roles.items()}
    return tasks.read_field(field.asked(labels), value, kinds_in)


def acceptance(row: SmkiEntry) -> Acceptance | None:
    """Return the newest acceptance of a risk, whether it stands or not."""
    kept = row.known.get(ACCEPTED)
    if not kept:
        return None
    until = dt.date.fromisoformat(kept["until"])
    return Acceptance(kept["by"], kept["role"], kept["at"], until, kept["digest"])


def accepted(row: SmkiEntry, today: dt.date | None = None) -> bool:
    """Tell whether what is left of a risk stands accepted."""
    return risks.stands(acceptance(row), digest(row), today or days.today())


def treaters(row: SmkiEntry) -> frozenset[str]:
    """Return who treats a risk: who carries its owner's role, and who wrote in its line."""
    owner, found = row.written.get("owner"), {*row.known.get(TREATED_BY, ())}
    if owner in smki().roles.roles:
        found |= {*planning.carriers(smki(), owner, roles.holders())}
    return frozenset(found)


def acceptance_objections(
    line: Line, actor: Actor, until: dt.date | None, *, given: bool = True
) -> list[Objection]:
    """Return everything that speaks against somebody's accepting what is left of a risk."""
    return risks.objections(
        registers().risks,
        line.values,
        person=actor.id or "",
        held=roles.carried_by(actor),
        treaters=treaters(line.row),
        until=until,
        given=given,
        today=days.today(),
    )


def accept(
    line: Line, actor: Actor, until: dt.date | None, *, given: bool, seen_digest: str
) -> Any:
    """Accept what is left of a risk until a day; the caller commits.

    :param seen_digest: the digest of what they looked at.
    :returns: the receipt.
    :raises InvalidFields: with every objection, or the risk is another than they looked at.
    """
    if line.register.name != RISKS or line.row.ended_at is not None:
        raise InvalidFields({"": [Message(NO_RISK)]})
    if seen_digest != digest(line.row):
        raise InvalidFields({"digest": [Message(SEEN_OTHER if seen_digest else EMPTY)]})
    wrong = acceptance_objections(line, actor, until, given=given)
    size = risks.left(line.values, days.today())
    if wrong or until is None or size is None:
        errors: dict[str, list[Message]] = {}
        for each in wrong:
            errors.setdefault(each.key, []).append(each.message)
        raise InvalidFields(errors)
    row = line.row
    held = roles.carried_by(actor)
    kept = {
        "by": actor.id,
        "role": risks.accepting_role(registers().risks, size, held),
        "at": now().isoformat(),
        "until": until.isoformat(),
        "digest": digest(row),
    }
    row.known = {**row.known, ACCEPTED: kept}
    return record(row, actor, "smki.risk_accepted")

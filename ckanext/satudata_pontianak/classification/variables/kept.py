"""The dictionary of a dataset as somebody may read it, and what is said of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...clock import now
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ..cases import steps
from ..incidents.fields import PERSONAL as HOLDS_PERSONAL
from ..incidents.steps import kinds_in
from ..records import reads
from ..records.model import Version
from ..rules import indonesian
from ..rules import variables as rules
from ..rules.policy import Channel, VersionFacts, as_governed, decide
from ..rules.refusals import InvalidFields, readable
from . import offers
from .model import Variable

NO_COLUMN = N_("No file of the dataset has a column of this name. Look at the list again.")
WHY = N_("Say why not everybody may have it: one of %(choices)s.")
ONLY_NO = N_("A reason is only given where not everybody may have the column.")
LOOKED_AT = 3
"""So many earlier datasets are looked at for what they say of the same columns."""
TOO_LONG = N_("Write at most %(count)s characters.")


def marks_of(package_ids: Sequence[str]) -> Mapping[str, rules.Marks]:
    """Return dataset → folded column → why not everybody may have it. One query."""
    if not package_ids:
        return {}
    query = sa.select(Variable.package_id, Variable.name, Variable.public).where(
        Variable.package_id.in_(package_ids), Variable.public.not_in(("", rules.YES))
    )
    found: dict[str, dict[str, str]] = {}
    for package_id, name, why in model.Session.execute(query).tuples():
        found.setdefault(package_id, {})[name] = why
    return found


def described_of(package_id: str) -> frozenset[str]:
    """Return the folded names of the columns of which nothing is missing."""
    needed = [name for name, spec in rules.variables().fields.items() if spec.needed]
    query = sa.select(Variable.name).where(
        Variable.package_id == package_id,
        *(getattr(Variable, name) != "" for name in (*needed, "public")),
    )
    return frozenset(model.Session.scalars(query))


def join() -> None:
    """Let cases know what is said of columns."""
    rules.join(marks_of, described_of)


@dataclass
class Column:
    """A column of files that somebody may have: its name, where it stands, what is said of it."""

    name: str
    files: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Ids of waiting versions that hold it: a mask makes one without it."""
    said: Variable | None = None
    seen: rules.Seen = field(default_factory=lambda: rules.Seen("", ""))
    """As the scan of the first file saw it."""

    @property
    def public(self) -> str:
        """Return what is said of whether everybody may have it; empty where nobody said."""
        return self.said.public if self.said else ""


def columns_of(package: model.Package, actor: Actor) -> list[Column] | None:
    """Return the columns of those files that the actor may have; ``None``: they may have none.

    Served ones first, then those that wait; a column that several files hold stands once.
    """
    facts = as_governed(reads.facts_of(package.id))
    served = [version for _, version in reads.pointers_of([package.id]).values()]
    waiting = reads.waiting_versions([package.id])
    seen: list[tuple[Version, bool]] = []
    for version, approved in [*((v, True) for v in served), *((v, False) for v in waiting)]:
        asked = VersionFacts(approved, version.sealed, version.uploaded_by)
        if decide(actor, facts, Channel.DATA, asked):
            seen.append((version, approved))
    if not seen:
        return None
    scans = reads.scans_of([version.id for version, _ in seen])
    found: dict[str, Column] = {}
    for version, approved in seen:
        report = scans[version.id].report if version.id in scans else {}
        for each in rules.columns_in(report):
            if not each.name:
                continue
            column = found.setdefault(rules.folded(each.name), Column(each.name, seen=each))
            if version.filename not in column.files:
                column.files.append(version.filename)
            if not approved and version.id not in column.waiting:
                column.waiting.append(version.id)
    query = sa.select(Variable).where(
        Variable.package_id == package.id, Variable.name.in_(list(found))
    )
    for row in model.Session.scalars(query):
        found[row.name].said = row
    return [*found.values()][: rules.variables().columns]


def open_columns(package: model.Package) -> dict[str, list[Column]]:
    """Return file → the columns of it that everybody is told of, of files that everybody may have.

    Of a dataset whose dictionary says nothing there is nothing to tell. A column that is called
    personal, or of which PPID is to speak, is in no list: its file may be open from before.
    """
    query = sa.select(Variable).where(Variable.package_id == package.id)
    said = {row.name: row for row in model.Session.scalars(query)}
    if not said:
        return {}
    facts = as_governed(reads.facts_of(package.id))
    served = {
        resource_id: version
        for resource_id, (_, version) in reads.pointers_of([package.id]).items()
        if decide(
            ANONYMOUS, facts, Channel.DATA, VersionFacts(True, version.sealed, version.uploaded_by)
        )
    }
    scans = reads.scans_of([version.id for version in served.values()])
    found: dict[str, list[Column]] = {}
    for resource_id, version in served.items():
        report = scans[version.id].report if version.id in scans else {}
        columns: dict[str, Column] = {}
        seen = rules.columns_in(report)
        # Of a workbook with several tables nothing says which of its columns go together.
        for each in seen if len({each.table for each in seen}) == 1 else ():
            name = rules.folded(each.name)
            row = said.get(name)
            if each.name and (row is None or row.public in ("", rules.YES)):
                columns.setdefault(name, Column(each.name, said=row, seen=each))
        found[resource_id] = [*columns.values()][: rules.variables().columns]
    return found


def offered(
    package: model.Package, actor: Actor, columns: Sequence[Column]
) -> dict[str, offers.Offered]:
    """Return column → what is offered for the fields of it that say nothing, by its name.

    :param columns: those of the dataset that the actor may have.
    """
    earlier = _earlier(package, actor, [rules.folded(each.name) for each in columns])
    translate, found = indonesian.translator(), {}
    for column in columns:
        name = rules.folded(column.name)
        before = next(
            (
                (title, told(known[name].said))
                for title, known in earlier
                if name in known and known[name].said
            ),
            None,
        )
        found[column.name] = offers.offer(column.seen, told(column.said), before, translate)
    return found


def told(said: Variable | None) -> dict[str, str]:
    """Return field of the definition → what is said of a column; empty where nothing is."""
    return {name: getattr(said, name) if said else "" for name in rules.FIELDS}


def _earlier(
    package: model.Package, actor: Actor, names: Sequence[str]
) -> list[tuple[str, dict[str, Column]]]:
    """Return the datasets of the agency that say most of columns of these names, with theirs.

    Only of files that the actor may have: of others not even the name of a column is told.
    """
    wanted = sa.func.count().desc(), sa.func.max(Variable.said_at).desc()
    query = (
        sa.select(model.Package)
        .join(Variable, Variable.package_id == model.Package.id)
        .where(
            model.Package.owner_org == package.owner_org,
            model.Package.id != package.id,
            model.Package.state == model.State.ACTIVE,
            Variable.name.in_(names),
            Variable.meaning != "",
        )
        .group_by(model.Package.id)
        .order_by(*wanted)
        .limit(LOOKED_AT)
    )
    found = []
    for other in model.Session.scalars(query):
        known = columns_of(other, actor.on(other.id, other.owner_org)) or ()
        by_name = {rules.folded(each.name): each for each in known}
        found.append((other.title or other.name, by_name))
    return found


def carry(package: model.Package, actor: Actor) -> ledger.Receipt | None:
    """Take over what an earlier dataset of the agency says of the same columns. The caller commits.

    Of one whose columns are just these; what is said of a column already stays, and a judgement is
    taken over as well: a column that is personal this month was so the month before.

    :returns: the receipt; ``None`` where there is no such dataset, or nothing to take over.
    """
    reads.lock_judging(package.id)
    columns = columns_of(package, actor) or ()
    open_names = {rules.folded(each.name) for each in columns if each.said is None}
    if not open_names:
        return None
    every = {rules.folded(each.name) for each in columns}
    for _, known in _earlier(package, actor, [*open_names]):
        if known.keys() != every:
            continue
        taken = [name for name in sorted(open_names) if known[name].said]
        for name in taken:
            values = {**told(known[name].said), "public": known[name].public}
            row = Variable(package_id=package.id, name=name, said_by=actor.id, **values)
            model.Session.add(row)
        model.Session.flush()
        return ledger.append(
            model.Session,
            event="variable.carry",
            actor_id=actor.id,
            actor_name=actor.name,
            dataset_id=package.id,
            detail={"columns": len(taken)},
        )
    return None


def carry_at_once(package_id: str, user: str) -> None:
    """Take over for a new dataset what :func:`carry` finds, as the person who made it. Commits.

    :param user: their name.
    """
    package = model.Package.get(package_id)
    if package is None:
        return
    actor = registry.actor_from_context({"user": user}).on(package.id, package.owner_org)
    receipt = carry(package, actor)
    if receipt is not None:
        model.Session.commit()


def say(package: model.Package, actor: Actor, column: str, said: Mapping[str, Any]) -> Any:
    """Say something of a column; what is not given stays. The caller commits.

    :param column: its name in a file, or as it is folded.
    :param said: fields of the definition, ``public`` (``ya`` or ``tidak``) and ``why``.
    :returns: the receipt; ``None`` where nothing changed.
    :raises ckan.plugins.toolkit.NotAuthorized: they reviewed in the case.
    :raises InvalidFields: there is no such column, or what is said cannot stand.
    """
    reads.lock_judging(package.id)
    steps.check_may_change(reads.open_case(package.id), package.owner_org, actor)
    name = rules.folded(column)
    known = {rules.folded(each.name): each for each in columns_of(package, actor) or ()}
    if name not in known:
        raise InvalidFields({"column": [Message(NO_COLUMN)]})
    values = _checked(said)
    row = known[name].said or Variable(
        package_id=package.id, name=name, **dict.fromkeys((*rules.FIELDS, "public"), "")
    )
    before = {key: getattr(row, key) for key in values}
    if before == values:
        return None
    for key, value in values.items():
        setattr(row, key, value)
    row.said_by, row.said_at = actor.id, now()
    model.Session.add(row)
    model.Session.flush()
    # What is described is no secret of the ledger's; whether everybody may have it is a judgement.
    receipt = ledger.append(
        model.Session,
        event="variable.say",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        before={"public": before.get("public", row.public)},
        after={"public": row.public},
        detail={"what": rules.key(name)},
    )
    receipt.tell(row, "ledger_entry")
    return receipt


def _checked(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said as it is kept.

    :raises InvalidFields: of each field what is wrong with it.
    """
    definition, errors, values = rules.variables(), {}, {}
    for name, spec in definition.fields.items():
        if name not in said:
            continue
        text = str(said[name]).strip()
        if problem := _problem(spec, text):
            errors[name] = [problem]
        values[name] = text
    if "public" in said or "why" in said:
        public, why = said.get("public") or "", said.get("why") or ""
        reasons = [each for each in definition.public if each != rules.YES]
        if public not in ("", rules.YES, rules.NO):
            choices = ", ".join((rules.YES, rules.NO))
            errors["public"] = [Message("Choose one of: %(choices)s.", {"choices": choices})]
        elif public == rules.NO and why not in reasons:
            errors["why"] = [Message(WHY, {"choices": ", ".join(reasons)})]
        elif public != rules.NO and why:
            errors["why"] = [Message(ONLY_NO)]
        values["public"] = why if public == rules.NO else public
    if errors:
        raise InvalidFields(errors)
    return values


def _problem(spec: rules.VariableField, text: str) -> Message | None:
    if text and spec.choices and text not in spec.choices:
        return Message("Choose one of: %(choices)s.", {"choices": ", ".join(spec.choices)})
    if text and readable(text) is None:
        return Message("The text holds a character that is not allowed.")
    if len(text) > spec.most:
        return Message(TOO_LONG, {"count": spec.most})
    kinds = kinds_in(text) if text and not spec.choices else []
    return Message(HOLDS_PERSONAL, {"kinds": ", ".join(kinds)}) if kinds else None

"""What the portal knows of the lines of registers: datasets, its own parts, risks of the catalogue.

Values are codes, numbers, days and ids; a text is an msgid of a definition. Titles and names of
datasets stand in no register: they are read for each reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies import registry
from ..agencies.rules.duties import DECIDING
from ..classification.records import dataset_types, reads
from ..classification.records.model import Decision, Pointer, Scan
from ..classification.records.request_model import AccessGrant
from ..classification.rules.axes import classification
from ..ledger.service import entry_table
from . import tasks
from .records import roles
from .records.model import SmkiControl, SmkiEntry, now
from .registers import counted_levels
from .rules.advisories import Weakness, mended
from .rules.evidence import Status
from .rules.questions import asked
from .rules.registers import PERSONAL_DATA, Register, confidentiality, registers

PREFIXES: Mapping[str, str] = {
    "datasets": "dataset:",
    "personal": "dataset:",
    "lines": "line:",
    "risks": "risk:",
    "people": "person:",
    "ledger": "entry:",
    "advisories": "advisory:",
    "questions": "question:",
}
"""How the keys of the lines of a source begin."""
ENDING = frozenset({"datasets", "personal", "lines", "risks", "advisories", "questions"})
"""Sources whose lines end with what they are about."""
REOPENING = frozenset({"people"})
"""Sources whose lines begin again after a person ended them: somebody came back."""
UNDECIDED = "undecided"
PROCESSES, YES, BASIS = "memproses_data_pribadi", "ya", "dasar_pemrosesan"
"""What the entry of an app says of the personal data that it processes (``layanan.yaml``)."""
BASES: Mapping[str, str] = {
    "persetujuan": "consent",
    "perjanjian": "contract",
    "kewajiban_hukum": "law",
    "kepentingan_vital": "vital",
    "tugas_publik": "public",
    "kepentingan_sah": "legitimate",
}
"""The basis that an app names → that of the record of processing."""
HOLDS = (Status.GREEN, Status.YELLOW, Status.HAND)
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Known:
    """A line as the portal knows it."""

    key: str
    values: Mapping[str, Any]
    package_id: str | None = field(default=None)


@dataclass(frozen=True)
class Dataset:
    """What registers need to know of a dataset."""

    id: str
    agency: str | None
    level: str | None
    personal: str | None
    files: int
    recipients: tuple[str, ...]
    app: bool
    processes: bool
    basis: str | None


def standing_datasets() -> Iterator[Dataset]:
    """Give every dataset that stands; of a level that is only counted there is none."""
    package: Any = model.Package
    files = sa.select(sa.func.count()).where(Pointer.package_id == package.id).scalar_subquery()
    query = (
        sa.select(
            package.id,
            package.owner_org,
            package.type,
            package.extras[PROCESSES].as_string().label("processes"),
            package.extras[BASIS].as_string().label("basis"),
            Decision.tingkat_keamanan,
            Decision.data_pribadi,
            Decision.recipients,
            files.label("files"),
        )
        .outerjoin(Decision, sa.and_(Decision.package_id == package.id, Decision.in_force))
        .where(package.state == "active")
    )
    counted, free = counted_levels(), dataset_types.free()
    for row in model.Session.execute(query):
        if row.type in free or dataset_types.is_undeclared(row.type):
            continue
        if row.tingkat_keamanan in counted:
            continue
        yield Dataset(
            id=row.id,
            agency=row.owner_org,
            level=row.tingkat_keamanan,
            personal=row.data_pribadi,
            files=row.files,
            recipients=tuple(sorted(row.recipients or ())),
            app=row.type == dataset_types.APP,
            processes=row.type == dataset_types.APP and row.processes == YES,
            basis=BASES.get(row.basis or ""),
        )


def datasets(register: Register) -> Iterator[Known]:
    """Give the line of each dataset as an asset, and of each app: where it runs its owner says."""
    levels = classification().levels
    for each in standing_datasets():
        decided = each.level in levels
        opened = decided and levels[each.level or ""].open
        values = {
            "kind": "software" if each.app else "data",
            "agency": each.agency,
            "level": each.level if decided else UNDECIDED,
            "personal": each.personal if decided else UNDECIDED,
            "files": each.files,
            "confidentiality": confidentiality(
                decided=decided, opened=opened, personal=each.personal
            ),
        }
        if not each.app:
            values["place"] = "server"
        yield Known(f"{PREFIXES['datasets']}{each.id}", values, each.id)


def _last_drill() -> str | None:
    last = tasks.last_done("restore_drill")
    return last.day.isoformat() if last is not None and last.in_order else None


LIVE: Mapping[str, Callable[[], int | str | None]] = {
    "undecided_days": lambda: classification().retention.undecided_days,
    "restore_drill": _last_drill,
}


def personal(register: Register) -> Iterator[Known]:
    """Give the line of each dataset with personal data, and of each app that processes some.

    A dataset has one as it was decided, or as the scan found them; an app as its entry says. What
    of an app nobody has said yet, whoever keeps the record writes.
    """
    kinds, grants = _kinds(), _grants()
    for each in standing_datasets():
        found = kinds.get(each.id, ())
        itself = bool(each.personal in PERSONAL_DATA or found)
        if not (itself or each.processes):
            continue
        values: dict[str, Any] = {"agency": each.agency}
        if each.app:
            values["kind"] = "app"
        if itself:
            values |= {
                "personal": each.personal or UNDECIDED,
                "kinds": list(found),
                "recipients": list(each.recipients),
                "grants": grants.get(each.id, 0),
            }
        if each.processes and each.basis:
            values["basis"] = each.basis
        yield Known(f"{PREFIXES['personal']}{each.id}", values, each.id)


def _kinds() -> dict[str, list[str]]:
    """Return dataset → kinds of personal data in the files that are served."""
    query = (
        sa.select(Pointer.package_id, Scan.report)
        .join(Scan, Scan.version_id == Pointer.version_id)
        .where(Scan.verdict == "findings")
    )
    found: dict[str, set[str]] = {}
    for package_id, report in model.Session.execute(query).tuples():
        kinds = {str(item["kind"]) for item in reads.findings_summary(report)}
        found.setdefault(package_id, set()).update(kinds)
    return {package_id: sorted(kinds) for package_id, kinds in found.items() if kinds}


def _grants() -> dict[str, int]:
    query = (
        sa.select(AccessGrant.package_id, sa.func.count())
        .where(AccessGrant.ended_at.is_(None), AccessGrant.last_day >= days.today())
        .group_by(AccessGrant.package_id)
    )
    return dict(model.Session.execute(query).tuples().all())


def people(register: Register) -> Iterator[Known]:
    """Give everybody with a role, and those who had one and whose line nobody ended yet.

    ``stand`` says what happened to their rights last, and ``since`` on which day.
    """
    prefix, today = PREFIXES["people"], days.today().isoformat()
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == register.name, SmkiEntry.ended_at.is_(None)
    )
    before = {row.key: row.known for row in model.Session.scalars(query)}
    agencies = _memberships()
    deciding = {user for duty in DECIDING for user in registry.holders_of(duty)}
    deciding |= {row.user_id for row in roles.standing()}
    here = {*agencies, *deciding}
    for user in sorted({*here, *(key.removeprefix(prefix) for key in before)}):
        old = before.get(f"{prefix}{user}")
        rights = {
            "agencies": sorted(agencies.get(user, ())),
            "decides": "yes" if user in deciding else "no",
        }
        stand, since = "joined", today
        if old is not None:
            same = all(old.get(name) == value for name, value in rights.items())
            stand, since = (old["stand"], old["since"]) if same else ("moved", today)
        if user not in here:
            left = old is not None and old["stand"] == "left"
            stand, since = "left", old["since"] if left and old is not None else today
        elif stand == "left":
            stand, since = "joined", today
        values = {"person": user, **rights, "stand": stand, "since": since}
        yield Known(f"{prefix}{user}", values)


def _memberships() -> dict[str, set[str]]:
    """Return person → agencies, of active people and agencies."""
    member: Any = model.Member
    query = (
        sa.select(model.User.id, model.Group.id)
        .join(member, member.table_id == model.User.id)
        .join(model.Group, model.Group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.state == "active",
            model.Group.is_organization.is_(True),
            model.Group.state == "active",
            model.User.state == "active",
        )
    )
    found: dict[str, set[str]] = {}
    for user, group in model.Session.execute(query).tuples():
        found.setdefault(user, set()).add(group)
    return found


VERSION = "smki.version"
FIRST = "first"
"""What is said of the first version that was recorded: it changed nothing."""
CHANGES: Mapping[str, str] = {
    "definition.change": "definition",
    "workflow.change": "workflow",
    "ruleset.enforce": "ruleset",
    "agency.create": "agency",
    "agency.change": "agency",
    VERSION: "version",
}
"""Event of the ledger → what changed."""


def ledger(register: Register) -> Iterator[Known]:
    """Give the changes of the last year that the ledger holds and no line tells of yet."""
    entry = entry_table.c
    last = sa.select(sa.func.max(sa.cast(SmkiEntry.known["entry"].as_string(), sa.BigInteger)))
    newest = model.Session.scalar(last.where(SmkiEntry.register == register.name)) or 0
    query = (
        sa.select(entry.id, entry.event, entry.at, entry.actor_id, entry.body)
        .where(
            entry.event.in_(list(CHANGES)),
            entry.outcome == "ok",
            entry.id > newest,
            entry.at > now() - YEAR,
        )
        .order_by(entry.id)
    )
    for row in model.Session.execute(query):
        detail = row.body.get("detail") or {}
        if CHANGES[row.event] == "agency" and not _of_duties(row.body):
            continue
        if row.event == VERSION and detail.get("what") == FIRST:
            continue
        values = {
            "event": CHANGES[row.event],
            "entry": row.id,
            "day": row.at.astimezone(days.CITY).date().isoformat(),
            "agency": detail.get("agency") if CHANGES[row.event] == "agency" else None,
            "by": row.actor_id,
        }
        kept = {name: value for name, value in values.items() if value is not None}
        yield Known(f"{PREFIXES['ledger']}{row.id}", kept)


def _of_duties(body: Mapping[str, Any]) -> bool:
    """Tell whether an entry of an agency tells of its duties or its place in the tree."""
    before, after = body.get("before") or {}, body.get("after") or {}
    detail = body.get("detail") or {}
    keys = ("sdi_role", "duties", "parent")
    fields = {*(detail.get("fields") or ()), detail.get("what")}
    return bool(fields & {*keys}) or any(before.get(k) != after.get(k) for k in keys)


def advisories(register: Register) -> Iterator[Known]:
    """Give the weaknesses that stand: of the newest list, as far as what is installed has them."""
    have = installed()
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == register.name,
        SmkiEntry.ended_at.is_(None),
        SmkiEntry.key.startswith(PREFIXES["advisories"]),
    )
    for row in model.Session.scalars(query):
        fixed = tuple(filter(None, row.known.get("fixed_in", "").split(", ")))
        weakness = Weakness(row.known["name"], row.known["package"], row.known["version"], fixed)
        if not mended(weakness, have):
            yield Known(row.key, {k: v for k, v in row.known.items() if not k.startswith("_")})


@cache
def installed() -> Mapping[str, str]:
    """Return the libraries that are installed with their versions: of two, what is imported.

    Read once: what a process imported stays, and reading takes half a second.
    """
    found: dict[str, str] = {}
    for each in metadata.distributions():
        if each.metadata["Name"]:
            found.setdefault(each.metadata["Name"], each.version)
    return found


def lines(register: Register) -> Iterator[Known]:
    """Give the lines that stand in the definition."""
    for name, line in register.lines.items():
        live = {key: LIVE[value]() for key, value in line.live.items()}
        values = {register.named_by: line.label, **line.known, **live}
        yield Known(
            f"{PREFIXES['lines']}{name}", {k: v for k, v in values.items() if v is not None}
        )


def questions(register: Register) -> Iterator[Known]:
    """Give the questions of the operator's file, answered where controls are tied to them.

    All of them hold: wholly done; some: partly. Where none does, a person answers.
    """
    query = sa.select(SmkiControl.name).where(SmkiControl.status.in_(HOLDS))
    holding = set(model.Session.scalars(query))
    for code, each in asked().questions.items():
        values: dict[str, Any] = {"code": code, "area": each.area, "question": each.question}
        if each.controls:
            held = [name for name in each.controls if name in holding]
            values["controls"] = list(each.controls)
            values["holding"] = len(held)
            if held:
                values["answer"] = "wholly" if len(held) == len(each.controls) else "partly"
        yield Known(f"{PREFIXES['questions']}{code}", values)


def risks(register: Register) -> Iterator[Known]:
    """Give the risks of the catalogue; how likely they are here, people say."""
    for name, risk in registers().risks.risks.items():
        values = {
            "threat": risk.threat,
            "cause": risk.cause,
            "asset": risk.asset,
            "controls": list(risk.controls),
        }
        yield Known(f"{PREFIXES['risks']}{name}", values)

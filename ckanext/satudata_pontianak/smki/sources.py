"""What the portal knows of the lines of registers: datasets, its own parts, risks of the catalogue.

Values are codes, numbers, days and ids; a text is an msgid of a definition. Titles and names of
datasets stand in no register: they are read for each reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..classification.records import dataset_types
from ..classification.records.model import Decision, Pointer
from ..classification.rules.axes import classification
from .registers import counted_levels
from .rules.registers import Register, confidentiality, registers

PREFIXES: Mapping[str, str] = {"datasets": "dataset:", "lines": "line:", "risks": "risk:"}
"""How the keys of the lines of a source begin."""
ENDING = frozenset({"datasets", "lines", "risks"})
"""Sources whose lines end with what they are about."""
UNDECIDED = "undecided"


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


def standing_datasets() -> Iterator[Dataset]:
    """Give every dataset that stands; of a level that is only counted there is none."""
    package: Any = model.Package
    files = sa.select(sa.func.count()).where(Pointer.package_id == package.id).scalar_subquery()
    query = (
        sa.select(
            package.id,
            package.owner_org,
            package.type,
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
        )


def datasets(register: Register) -> Iterator[Known]:
    """Give the line of each dataset as an asset."""
    levels = classification().levels
    for each in standing_datasets():
        decided = each.level in levels
        opened = decided and levels[each.level or ""].open
        values = {
            "kind": "data",
            "agency": each.agency,
            "level": each.level if decided else UNDECIDED,
            "personal": each.personal if decided else UNDECIDED,
            "files": each.files,
            "confidentiality": confidentiality(
                decided=decided, opened=opened, personal=each.personal
            ),
            "place": "server",
        }
        yield Known(f"{PREFIXES['datasets']}{each.id}", values, each.id)


def lines(register: Register) -> Iterator[Known]:
    """Give the lines that stand in the definition."""
    for name, line in register.lines.items():
        yield Known(f"{PREFIXES['lines']}{name}", {register.named_by: line.label, **line.known})


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

"""One finding: of which kind, how often, how sure, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from .places import Where
from .reasons import Reason


class Evidence(Enum):
    """What a column of a kind says of the rows of its table; :mod:`.persons` judges by it."""

    NONE = "nothing: it counts only where something else says that a row is a person"
    NUMBER = "each row is a person: a number of theirs"
    SERVANT = "each row is a person, unless the table lists offices"
    NAME = "each row is a person, by name"
    BIRTH = "each row is a person, by the day of birth"
    CONTACT = "each row is a person, unless the table lists offices or counts something"
    DEVICE = "the same, unless the table lists machines"


class PersonalClass(StrEnum):
    """The two classes of UU 27/2022 article 4, and what the city protects beyond the law."""

    GENERAL = "umum"
    SPECIFIC = "spesifik"
    CITY = "kebijakan_kota"


@dataclass(frozen=True)
class Finding:
    """One kind of personal data in one column (or one piece of text).

    ``share`` is the part of the cells that are not empty; dashes and the like are. ``hard``
    marks identifiers that refuse a save or place a hold by themselves.
    """

    kind: str
    count: int
    share: float
    score: float
    personal_class: PersonalClass
    reason: Reason
    sample: str
    hard: bool = False
    where: Where | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        return cls(
            kind=str(data["kind"]),
            count=int(data["count"]),
            share=float(data["share"]),
            score=float(data["score"]),
            personal_class=PersonalClass(data["class"]),
            reason=Reason(str(data["reason"])),
            sample=str(data["sample"]),
            hard=bool(data["hard"]),
            where=Where.from_json(data.get("where")),
        )

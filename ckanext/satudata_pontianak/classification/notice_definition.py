"""Reads ``schemas/notices.yaml``: what people are told, whom, and which mails are optional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import paths
from ..agencies.duties import DECIDING
from .yamlsource import Source

OWNER_PUBLISHERS, OWNER_ADMINS = "owner_publishers", "owner_admins"
HOLDER, SUPERIORS = "holder", "superiors"
PERSON = "person"
"""Whose account it is: only who tells knows, and names them."""
OF_OWNER = frozenset({OWNER_PUBLISHERS, OWNER_ADMINS})
PEOPLE = OF_OWNER | {duty.value for duty in DECIDING}
"""Whom a definition can name without knowing the case: people of the owner agency, duties."""

FACTS = frozenset({"number", "due"})
KINDS = (
    "incident_begun incident_due incident_late incident_ended hold_placed case_opened case_due "
    "case_late request_due request_late decision_ends decision_over "
    "account_tries account_password account_factor account_factor_reset membership_changed "
    "membership_proposed membership_declined"
).split()


@dataclass(frozen=True)
class Kind:
    """One kind of notice. ``always``: a legal duty, whose mail nobody does without."""

    name: str
    label: str
    to: tuple[str, ...]
    always: bool
    facts: frozenset[str]


class NoticeRules:
    """The whole file, checked when it is read."""

    def __init__(self, source: Source) -> None:
        """Check and keep what ``source`` holds.

        :raises DefinitionError: naming file, line and reason.
        """
        data = source.data
        for key in ("version", "kinds", "escalation", "decisions", "incidents"):
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.version = str(data["version"])
        self.warn_days = _number(source, "warn_before_working_days")
        self.kept_days = _number(source, "kept_days")
        self.decision_warn_days = _number(source, "decisions", "warn_before_working_days")
        self.decision_repeat_days = _number(source, "decisions", "repeat_after_working_days")
        self.incident_warn_hours = _number(source, "incidents", "warn_before_hours")
        self.escalation: dict[str, tuple[str, ...]] = {
            holder: _people(source, PEOPLE, who, "escalation", holder)
            for holder, who in data["escalation"].items()
        }
        self.kinds = {name: self._kind(source, name, k) for name, k in data["kinds"].items()}
        for name in KINDS:
            source.require(f"the kind '{name}' is missing", name in self.kinds, "kinds")

    @staticmethod
    def _kind(source: Source, name: str, spec: Mapping[str, Any]) -> Kind:
        where = ("kinds", name)
        source.require(f"unknown kind '{name}'", name in KINDS, *where)
        source.require("'label' is missing", bool(spec.get("label")), *where)
        facts = frozenset(spec.get("facts") or ())
        for fact in facts:
            source.require(f"unknown fact '{fact}'", fact in FACTS, *where, "facts")
        to = _people(source, PEOPLE | {HOLDER, SUPERIORS, PERSON}, spec.get("to"), *where)
        return Kind(name, str(spec["label"]), to, spec.get("always") is True, facts)

    def superiors_of(self, holder: str) -> tuple[str, ...]:
        """Return to whom it goes when ``holder`` is late; nobody for a holder that is not named."""
        return self.escalation.get(holder, ())

    def people_of(self, kind: str, holder: str | None = None) -> tuple[str, ...]:
        """Return whom a kind goes to: duties and people of the owner agency, each once.

        :param holder: the duty that a case or request lies with, where it lies with one.
        :raises KeyError: there is no such kind.
        """
        found: list[str] = []
        for name in self.kinds[kind].to:
            if name == HOLDER:
                found += [_as_people(holder)] if holder else []
            elif name == SUPERIORS:
                found += self.superiors_of(holder) if holder else ()
            elif name == PERSON:
                continue
            else:
                found.append(name)
        return tuple(dict.fromkeys(found))

    def optional_kinds(self) -> list[Kind]:
        """Return the kinds whose mail a person may do without, in the order of the file."""
        return [kind for kind in self.kinds.values() if not kind.always]


def _as_people(holder: str) -> str:
    """Return a holder as people: producing data is the duty of the owner's editors and admins."""
    return OWNER_PUBLISHERS if holder == "produsen_data" else holder


def _number(source: Source, *path: str) -> int:
    value: Any = source.data
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    source.require(f"'{path[-1]}' must be a positive whole number", good, *path)
    return int(value)


def _people(source: Source, known: frozenset[str], names: Any, *where: str) -> tuple[str, ...]:
    source.require("people are missing", isinstance(names, list) and bool(names), *where)
    for name in names:
        source.require(f"unknown people '{name}'", name in known, *where)
    return tuple(names)


@lru_cache(maxsize=1)
def notice_rules() -> NoticeRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return NoticeRules(Source.read(paths.schemas() / "notices.yaml"))

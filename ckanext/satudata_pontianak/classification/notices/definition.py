"""Reads ``schemas/notices.yaml``: what people are told, whom, and which mails are optional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import paths
from ...agencies.rules.duties import DECIDING
from ...surface.yaml_source import Source

OWNER_PUBLISHERS, OWNER_ADMINS = "owner_publishers", "owner_admins"
HOLDER, SUPERIORS = "holder", "superiors"
RECEIVER = "receiver_publishers"
PERSON = "person"
"""Whose account it is: only who tells knows, and names them."""
OF_OWNER = frozenset({OWNER_PUBLISHERS, OWNER_ADMINS})
OF_RECEIVER = frozenset({RECEIVER})
PEOPLE = OF_OWNER | {duty.value for duty in DECIDING}
"""Whom a definition can name without knowing the case: people of the owner agency, duties."""

FACTS = frozenset({"number", "due", "minutes", "receipt"})
KINDS = (
    "incident_begun incident_due incident_late incident_ended hold_placed hold_confirmed "
    "hold_lifted hold_unconfirmed case_opened case_arrived "
    "case_offered case_accepted case_returned case_sent_back case_referred case_recalled "
    "case_approved case_refused case_withdrawn submit_refused scan_ended break_glass_begun "
    "break_glass_ended case_due "
    "case_late request_due request_late decision_ends decision_over "
    "account_tries account_password account_access account_factor account_factor_reset "
    "membership_changed membership_proposed membership_declined"
).split()
MAILS = (
    "request_confirm request_answer request_prolonged request_settled request_desk "
    "request_silence request_end request_claim account_reset"
).split()


@dataclass(frozen=True)
class Kind:
    """One kind of notice. ``always``: a legal duty, whose mail nobody does without.

    ``blind``: told as well to whoever may not know of the dataset, without naming it.
    """

    name: str
    label: str
    to: tuple[str, ...]
    always: bool
    facts: frozenset[str]
    blind: bool = False


@dataclass(frozen=True)
class Mail:
    """A mail that is sent at once: its subject, its text, and the facts that the text may name."""

    name: str
    subject: str
    text: str
    facts: frozenset[str]


class NoticeRules:
    """The whole file, checked when it is read."""

    def __init__(self, source: Source) -> None:
        """Check and keep what ``source`` holds.

        :raises DefinitionError: naming file, line and reason.
        """
        data = source.data
        needed = "version kinds escalation decisions incidents steps steps_of_a_move mails".split()
        for key in needed:
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.version = str(data["version"])
        self.warn_days = _number(source, "warn_before_working_days")
        self.kept_days = _number(source, "kept_days")
        self.tried_days = _number(source, "mails_tried_days")
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
        self.steps = self._steps(source, "steps")
        self.steps_of_a_move = self._steps(source, "steps_of_a_move")
        self.otherwise = str(data.get("decided_otherwise"))
        source.require("unknown kind", self.otherwise in self.kinds, "decided_otherwise")
        self.mails = {name: self._mail(source, name, m) for name, m in data["mails"].items()}
        for name in MAILS:
            source.require(f"the mail '{name}' is missing", name in self.mails, "mails")

    def _steps(self, source: Source, key: str) -> dict[str, tuple[str, ...]]:
        """Read which kinds are told of which step."""
        told = source.data[key]
        for step, kinds in told.items():
            for kind in kinds:
                source.require(f"unknown kind '{kind}'", kind in self.kinds, key, step)
        return {step: tuple(kinds) for step, kinds in told.items()}

    @staticmethod
    def _mail(source: Source, name: str, spec: Mapping[str, Any]) -> Mail:
        where = ("mails", name)
        source.require(f"unknown mail '{name}'", name in MAILS, *where)
        for key in ("label", "message"):
            source.require(f"'{key}' is missing", bool(spec.get(key)), *where)
        facts = frozenset(spec.get("facts") or ())
        for fact in facts:
            source.require(f"unknown fact '{fact}'", fact in FACTS, *where, "facts")
        try:
            str(spec["message"]).__mod__(dict.fromkeys(facts, ""))
        except (KeyError, ValueError, TypeError):
            raise source.fail("the text names a fact that is not listed", *where) from None
        return Mail(name, str(spec["label"]), str(spec["message"]), facts)

    @staticmethod
    def _kind(source: Source, name: str, spec: Mapping[str, Any]) -> Kind:
        where = ("kinds", name)
        source.require(f"unknown kind '{name}'", name in KINDS, *where)
        source.require("'label' is missing", bool(spec.get("label")), *where)
        facts = frozenset(spec.get("facts") or ())
        for fact in facts:
            source.require(f"unknown fact '{fact}'", fact in FACTS, *where, "facts")
        known = PEOPLE | OF_RECEIVER | {HOLDER, SUPERIORS, PERSON}
        to = _people(source, known, spec.get("to"), *where)
        always, blind = spec.get("always") is True, spec.get("blind") is True
        return Kind(name, str(spec["label"]), to, always, facts, blind)

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
            elif name in (PERSON, RECEIVER):
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

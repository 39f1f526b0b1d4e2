"""Reads ``schemas/notices.yaml``: what people are told, whom, and which mails are optional."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...agencies.rules.duties import DECIDING
from ...surface.yaml_source import Basis, Positive, Source, Text

OWNER_PUBLISHERS, OWNER_ADMINS = "owner_publishers", "owner_admins"
HOLDER, SUPERIORS = "holder", "superiors"
RECEIVER = "receiver_publishers"
PERSON = "person"
"""Whose account it is: only who tells knows, and names them."""
OF_OWNER = frozenset({OWNER_PUBLISHERS, OWNER_ADMINS})
OF_RECEIVER = frozenset({RECEIVER})
PEOPLE = OF_OWNER | {duty.value for duty in DECIDING}
"""Whom a definition can name without knowing the case: people of the owner agency, duties."""

Fact = Literal["number", "due", "minutes", "receipt"]
KINDS = (
    "incident_begun incident_due incident_late incident_ended hold_placed hold_confirmed "
    "hold_lifted hold_unconfirmed case_opened case_arrived case_approved case_withdrawn "
    "submit_refused scan_ended break_glass_begun break_glass_ended case_due "
    "case_late request_due request_late decision_ends decision_over "
    "account_tries account_password account_access account_factor account_factor_reset "
    "membership_changed membership_proposed membership_declined "
    "smki_task smki_task_due smki_task_late smki_control_red "
    "smki_lines smki_lines_late smki_finding smki_destruction smki_assessment "
    "smki_incident smki_incident_due smki_incident_late "
    "smki_subject smki_subject_due smki_subject_late "
    "jepin_report jepin_report_late jepin_lack wish_asked wish_late wish_objection "
    "reuse_proposed reuse_late "
    "agency_task agency_task_due agency_task_late agreed_due agreed_late agreed_overdue "
    "help_question help_question_due help_question_late help_answer monthly_letter "
    "jepin_down jepin_certificate jepin_late points_stale points_stale_late "
    "figure_asked figure_unanswered release_due release_late release_overdue"
).split()
"""What the portal tells of by itself. A kind of another name is told of a step."""
MAILS = (
    "request_confirm request_received request_answer request_prolonged request_settled "
    "request_desk request_silence request_end request_claim account_reset app_down app_certificate "
    "wish_confirm wish_answer reuse_confirm reuse_received reuse_answer "
    "follow_confirm follow_digest follow_choose"
).split()


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of notice. ``always``: a legal duty, whose mail nobody does without.

    ``blind``: told as well to whoever may not know of the dataset, without naming it.
    """

    label: Text
    to: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    always: bool = False
    facts: frozenset[Fact] = frozenset()
    blind: bool = False
    basis: tuple[Basis, ...] = ()
    name: str = ""


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail that is sent at once: its subject, its text, and the facts that the text may name."""

    subject: Text = msgspec.field(name="label")
    text: Text = msgspec.field(name="message")
    facts: frozenset[Fact] = frozenset()
    name: str = ""


class Ends(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an owner is told that a decision ends."""

    warn_before_working_days: Positive
    repeat_after_working_days: Positive


class Deadlines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When people are told again of an incident."""

    warn_before_hours: Positive


class NoticeRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, checked when it is read."""

    version: Text
    decisions: Ends
    incidents: Deadlines
    escalation: dict[str, tuple[str, ...]]
    steps: dict[str, tuple[str, ...]]
    steps_of_a_move: dict[str, tuple[str, ...]]
    kinds: dict[str, Kind]
    mails: dict[str, Mail]
    kept_days: Positive
    warn_days: Positive = msgspec.field(name="warn_before_working_days")
    tried_days: Positive = msgspec.field(name="mails_tried_days")
    otherwise: str = msgspec.field(name="decided_otherwise")

    @classmethod
    def of(cls, source: Source) -> NoticeRules:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        rules = source.shaped(cls)
        for holder, people in rules.escalation.items():
            source.known("people", people, PEOPLE, "escalation", holder)
        known = PEOPLE | OF_RECEIVER | {HOLDER, SUPERIORS, PERSON}
        for name, kind in rules.kinds.items():
            source.known("people", kind.to, known, "kinds", name, "to")
        told = {rules.otherwise}
        source.known("kind", told, rules.kinds, "decided_otherwise")
        for key in ("steps", "steps_of_a_move"):
            for step, kinds in getattr(rules, key).items():
                source.known("kind", kinds, rules.kinds, key, step)
                told.update(kinds)
        source.exactly("kind", sorted({*KINDS, *told}), rules.kinds, "kinds")
        source.exactly("mail", MAILS, rules.mails, "mails")
        for name, mail in rules.mails.items():
            try:
                mail.text.__mod__(dict.fromkeys(mail.facts, ""))
            except (KeyError, ValueError, TypeError):
                reason = "the text names a fact that is not listed"
                raise source.fail(reason, "mails", name) from None
        return rules

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


@lru_cache(maxsize=1)
def notice_rules() -> NoticeRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return NoticeRules.of(Source.read(paths.schemas() / "notices.yaml"))

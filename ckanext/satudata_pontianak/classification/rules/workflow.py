"""The engine: who may take which step in a case, and what it leads to.

Pure: it gets a :class:`~.conditions.CaseContext` and an actor, and answers with a
:class:`Step` or raises. Everything it knows of the procedure stands in ``workflow.yaml``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ... import days
from ...agencies.rules.duties import Actor, Duty
from ...messages import Message
from ...msgids import N_
from ...surface.repeating import repeated
from .axes import AXES, Axes, Classification
from .conditions import CONDITIONS, CaseContext, why_not_allowed
from .definition import OPERATOR, Workflow
from .definition_types import FieldSpec, Transition
from .policy import has_duty
from .refusals import InvalidFields, NotAllowed, Refused

DUTY_LABELS = {
    Duty.PRODUSEN.value: N_("the owner agency's editors and admins"),
    Duty.WALIDATA.value: N_("Walidata"),
    Duty.PPID.value: N_("PPID"),
    Duty.ATASAN_PPID.value: N_("PPID's superior"),
    Duty.PEMBINA.value: N_("Pembina Data"),
    Duty.PENGAWAS.value: N_("the supervisor"),
    OPERATOR: N_("the operator of the server"),
}
PART_LABELS = {
    "proposer": N_("proposer"),
    "verifier": N_("verifier"),
    "assessor": N_("assessor"),
    "approver": N_("approver"),
    "resolver": N_("resolver of a finding"),
}
EVENT_LABELS = {
    "open": N_("Case opened"),
    "finding.resolve": N_("Finding resolved"),
    "clock": N_("A day came: a further reason"),
    "proposal.change": N_("Proposal changed"),
    "version.add": N_("File or link added"),
    "resource.remove": N_("File removed"),
    "dataset.purge": N_("Dataset removed for good"),
}
"""What happens in a case beside its steps."""


@dataclass(frozen=True)
class Step:
    """A step that is allowed: what to write."""

    transition: Transition
    fields: Mapping[str, Any]
    axes: Axes


@dataclass(frozen=True)
class Option:
    """A step out of the present state as one person sees it; ``refusal`` says why not."""

    transition: Transition
    refusal: Refused | None

    @property
    def allowed(self) -> bool:
        """The person may take the step now, given its fields."""
        return self.refusal is None


class Engine:
    """Applies one workflow definition and one classification."""

    def __init__(self, workflow: Workflow, rules: Classification) -> None:
        self.workflow = workflow
        self.rules = rules

    def options(self, case: CaseContext, actor: Actor) -> list[Option]:
        """Return every step out of the present state, allowed to this person or not."""
        result = []
        for transition in self.workflow.from_state(case.state):
            if case.kind not in transition.kinds or transition.by == OPERATOR:
                continue
            try:
                self._check_person(case, actor, transition)
                axes = self._axes(case, transition, {})
                self._check_conditions(case, transition, axes)
            except Refused as refusal:
                result.append(Option(transition, refusal))
            else:
                result.append(Option(transition, None))
        return result

    def check(
        self,
        case: CaseContext,
        name: str,
        actor: Actor,
        fields: Mapping[str, Any],
        *,
        evidence: str | None = None,
        agencies: Collection[str] = (),
        operator: bool = False,
    ) -> Step:
        """Check one step wholly and return what it does.

        The order is: does the step exist here, may this person, is what they saw still so,
        are the fields right, do the conditions hold. So a stranger learns nothing of the case.

        :param fields: what the person filled in, by field name.
        :param evidence: the digest that the person saw, where they sent one.
        :param agencies: names of the agencies that may be recipients.
        :param operator: a command on the server takes the step, in the name of ``actor``; no
            page and no API call sets this.
        :raises NotAllowed: the person has not the duty or is excluded.
        :raises Refused: the step is not possible from here, or a condition does not hold.
        :raises InvalidFields: fields are missing or wrong.
        """
        transition = self.find(case, name)
        if not (operator and transition.by == OPERATOR):
            self._check_person(case, actor, transition)
        if evidence is not None and evidence != case.digest:
            raise self._refuse("stale_evidence")
        axes = self._axes(case, transition, fields)
        clean = self._clean(case, transition, fields, axes, agencies)
        self._check_conditions(case, transition, axes)
        return Step(transition, clean, axes)

    def find(self, case: CaseContext, name: str) -> Transition:
        """Return the step ``name`` out of the present state.

        :raises Refused: there is no such step, or not from here.
        """
        transition = self.workflow.named(case.state, name, case.kind)
        if transition is not None:
            return transition
        known = sorted({t.name for t in self.workflow.transitions.values()})
        if name not in known:
            raise self._refuse("unknown_transition", transition=name, known=known)
        steps = [t for t in self.workflow.from_state(case.state) if case.kind in t.kinds]
        possible = [t.name for t in steps if t.by != OPERATOR] or ["-"]
        raise self._refuse(
            "not_from_here",
            state=Message(self.workflow.states[case.state].label),
            transition=name,
            possible=possible,
        )

    def check_change(self, case: CaseContext, actor: Actor) -> None:
        """Check that a person may change files or proposal of a case: it makes them a proposer.

        :raises NotAllowed: they acted in the case in a part that a proposer may not have.
        """
        for transition in self.workflow.from_state(case.state):
            proposes = transition.part == "proposer" and transition.by != OPERATOR
            if proposes and case.kind in transition.kinds:
                self._check_parts(case, actor, transition)

    def _refuse(self, code: str, **params: Any) -> Refused:
        return Refused(code, Message(self.workflow.messages[code], params))

    def _check_person(self, case: CaseContext, actor: Actor, transition: Transition) -> None:
        holder = Message(DUTY_LABELS[transition.by])
        messages = self.workflow.messages
        agency = case.target_org if transition.of == "target" else case.owner_org
        if not has_duty(actor, transition.by, agency):
            raise NotAllowed("not_holder", Message(messages["not_holder"], {"holder": holder}))
        self._check_parts(case, actor, transition)

    def _check_parts(self, case: CaseContext, actor: Actor, transition: Transition) -> None:
        holder = Message(DUTY_LABELS[transition.by])
        for part in transition.exclude:
            if case.took_part(actor.id, part):
                params = {"part": Message(PART_LABELS[part]), "holder": holder}
                raise NotAllowed("excluded", Message(self.workflow.messages["excluded"], params))

    def _axes(self, case: CaseContext, transition: Transition, fields: Mapping[str, Any]) -> Axes:
        """Return the axes that the step would decide or propose."""
        if transition.effect == "decide_assessed":
            return case.assessed or Axes()
        named = Axes(**{a: _text(fields.get(a)) for a in AXES if a in transition.fields})
        return named.over(case.proposal)

    def _check_conditions(self, case: CaseContext, transition: Transition, axes: Axes) -> None:
        names = list(transition.conditions)
        if self.rules.is_open(axes.tingkat_keamanan):
            names += transition.conditions_when_open
        for name in names:
            params = CONDITIONS[name](case, axes, self.rules)
            if params is not None:
                raise Refused(name, Message(self.workflow.told(name, transition.by), params))

    def required(self, transition: Transition, axes: Axes) -> tuple[str, ...]:
        """Return the fields that must be filled in when the step leads to these axes."""
        names = list(transition.required)
        level = axes.tingkat_keamanan
        if level in self.rules.levels and not self.rules.levels[level].open:
            names += transition.required_when_closed
            if self.rules.levels[level].stores_files:
                names += transition.required_when_limited
        return tuple(dict.fromkeys(names))

    def _clean(
        self,
        case: CaseContext,
        transition: Transition,
        fields: Mapping[str, Any],
        axes: Axes,
        agencies: Collection[str],
    ) -> dict[str, Any]:
        errors: dict[str, list[Message]] = {}
        clean: dict[str, Any] = {}
        if transition.effect == "decide_assessed" and not fields.get("penerima"):
            # The superior confirms whom PPID proposed, in a batch each case its own.
            fields = {**fields, "penerima": list(case.proposed_recipients)}
        for name in sorted(set(fields) - set(transition.fields)):
            errors[repeated(name)] = [
                Message(
                    "The step '%(step)s' knows no field '%(field)s'.",
                    {"step": transition.name, "field": repeated(name)},
                )
            ]
        for name in transition.fields:
            spec = self.workflow.fields[name]
            try:
                value = self._value(spec, fields.get(name), agencies)
            except ValueError as error:
                errors.setdefault(name, []).append(error.args[0])
                continue
            if value is not None:
                clean[name] = value
        for name in self.required(transition, axes):
            if name not in clean and name not in errors:
                errors[name] = [Message("Fill in this field.")]
        for group in transition.one_of:
            if not any(name in clean or name in errors for name in group):
                labels = [Message(self.workflow.fields[n].label) for n in group]
                errors[group[0]] = [
                    Message("Fill in one of these: %(fields)s.", {"fields": labels})
                ]
        self._check_dates(clean, errors)
        self._check_period(clean, errors)
        self._check_number(clean, errors)
        self._check_axes(transition, axes, errors)
        self._check_recipients(clean, axes, errors)
        self._check_their_basis(transition, clean, axes, errors)
        self._check_item(case.title, clean, axes, errors)
        if errors:
            raise InvalidFields(errors)
        return clean

    def _value(self, spec: FieldSpec, raw: Any, agencies: Collection[str]) -> Any:
        """Return the value of a field, ``None`` when it is empty; ``ValueError(Message)``."""
        if spec.type == "agencies":
            return self._agencies(raw, agencies)
        if isinstance(raw, date):
            raw = raw.isoformat()
        if raw is not None and not isinstance(raw, str):
            raise ValueError(Message("A text is expected here."))
        text = _text(raw)
        if text is None:
            return None
        if "\x00" in text:
            raise ValueError(Message("The text holds a character that is not allowed."))
        if spec.max_length and len(text) > spec.max_length:
            raise ValueError(Message("At most %(count)s characters.", {"count": spec.max_length}))
        if spec.type == "date":
            try:
                return date.fromisoformat(days.iso(text))
            except ValueError:
                raise ValueError(Message("Write the date as 24/11/2026 or 2026-11-24.")) from None
        if spec.type == "choice" and text not in spec.choices:
            raise ValueError(
                Message("Choose one of: %(choices)s.", {"choices": ", ".join(spec.choices)})
            )
        if spec.type == "axis" and text not in self.rules.axes[spec.name]["values"]:
            known = ", ".join(self.rules.axes[spec.name]["values"])
            raise ValueError(
                Message(
                    "'%(value)s' is not known for '%(axis)s'. Choose one of: %(known)s.",
                    {"value": repeated(text), "axis": Message(spec.label), "known": known},
                )
            )
        return text

    def _agencies(self, raw: Any, agencies: Collection[str]) -> list[str] | None:
        values = [raw] if raw is None or isinstance(raw, str) else raw
        if not isinstance(values, list | tuple | set | frozenset):
            raise ValueError(Message("A text is expected here."))  # noqa: TRY004
        names = []
        for value in values:
            if not isinstance(value, str | None):
                raise ValueError(Message("A text is expected here."))  # noqa: TRY004
            name = _text(value)
            if name is None:
                continue
            if name != self.rules.all_agencies and name not in agencies:
                raise ValueError(
                    Message("There is no agency called '%(name)s'.", {"name": repeated(name)})
                )
            names.append(name)
        return list(dict.fromkeys(names)) or None

    @staticmethod
    def _check_dates(clean: Mapping[str, Any], errors: dict[str, list[Message]]) -> None:
        start = clean.get("mulai")
        for name in ("akhir", "tanggal_reviu"):
            end = clean.get(name)
            if start and end and end < start:
                errors.setdefault(name, []).append(
                    Message("This date is before the start date %(start)s.", {"start": start})
                )

    def _check_period(self, clean: Mapping[str, Any], errors: dict[str, list[Message]]) -> None:
        names = ("akhir",) if "akhir" in clean else ("tanggal_reviu",)
        found = self.rules.exclusion.check_period(
            clean.get("pasal_pengecualian"),
            clean.get("mulai"),
            {name: clean.get(name) for name in names},
        )
        for name, messages in found.items():
            errors.setdefault(name, []).extend(messages)

    def _check_number(self, clean: Mapping[str, Any], errors: dict[str, list[Message]]) -> None:
        if "pasal_pengecualian" not in clean or "angka_pengecualian" in errors:
            return
        letter, number = clean["pasal_pengecualian"], clean.get("angka_pengecualian")
        wrong = self.rules.exclusion.check_number(letter, number)
        if wrong is not None:
            errors["angka_pengecualian"] = [wrong]

    def _check_their_basis(
        self,
        transition: Transition,
        clean: Mapping[str, Any],
        axes: Axes,
        errors: dict[str, list[Message]],
    ) -> None:
        """Whoever proposes recipients says on which basis each of them gets the data."""
        names = clean.get("penerima") or []
        if "dasar_penerima" not in transition.fields or not names or "penerima" in errors:
            return
        said = clean.get("dasar_penerima") or ""
        lines = [line for line in said.splitlines() if line.partition(":")[2].strip()]
        if len(lines) < len(names):
            errors["dasar_penerima"] = [
                Message(
                    "Give the legal basis of each of the %(count)s recipients, one line each.",
                    {"count": len(names)},
                )
            ]
        personal = axes.data_pribadi in self.rules.all_agencies_refused_for
        if personal and "dasar_pemrosesan" not in clean:
            errors["dasar_pemrosesan"] = [Message("Fill in this field.")]

    def _check_item(
        self,
        title: str,
        clean: Mapping[str, Any],
        axes: Axes,
        errors: dict[str, list[Message]],
    ) -> None:
        """Nobody calls by its title in the register what nobody may know by it."""
        said, secret = _bare(clean.get("informasi")), _bare(title)
        if said and said == secret and not self.rules.names_titles(axes.tingkat_keamanan):
            errors["informasi"] = [
                Message(
                    "Say in other words what this is: the register tells everybody these words, "
                    "and nobody may know the title at this level."
                )
            ]

    def _check_axes(
        self, transition: Transition, axes: Axes, errors: dict[str, list[Message]]
    ) -> None:
        if transition.axes is None or any(a in errors for a in AXES):
            return
        is_open = self.rules.is_open(axes.tingkat_keamanan)
        if transition.axes == "closed" and is_open:
            errors["tingkat_keamanan"] = [
                Message(
                    "To close it, choose a level other than '%(level)s' and say which.",
                    {"level": self.rules.level_labels(of_open=True)},
                )
            ]
        elif transition.axes == "open" and not is_open:
            errors["tingkat_keamanan"] = [
                Message(
                    "To open it, choose the level '%(level)s' and a kind of information.",
                    {"level": self.rules.level_labels(of_open=True)},
                )
            ]
        elif axes.missing:
            for axis in axes.missing:
                errors[axis] = [Message("Fill in this field.")]
        elif why := why_not_allowed(axes, self.rules):
            errors["jenis_informasi"] = [why]

    def _check_recipients(
        self, clean: Mapping[str, Any], axes: Axes, errors: dict[str, list[Message]]
    ) -> None:
        names = clean.get("penerima") or []
        level = self.rules.levels.get(axes.tingkat_keamanan or "")
        if names and (level is None or level.open or not level.stores_files):
            levels = self.rules.level_labels(of_open=False)
            errors["penerima"] = [
                Message("Only a decision at level '%(level)s' has recipients.", {"level": levels})
            ]
        elif self.rules.all_agencies in names:
            if axes.data_pribadi in self.rules.all_agencies_refused_for:
                errors["penerima"] = [
                    Message(
                        "Personal data may not go to all agencies. Name the agencies that need it."
                    )
                ]
            elif len(names) > 1:
                errors["penerima"] = [Message("Choose either all agencies, or agencies by name.")]


def _bare(value: Any) -> str:
    """Return the letters and digits of a text alone, by which two texts read alike."""
    return "".join(c for c in str(value or "").casefold() if c.isalnum())


def _text(value: Any) -> str | None:
    """Return a text without blanks around it, or ``None`` when nothing is left."""
    if not isinstance(value, str):
        return None
    return value.strip() or None

"""The form of a step: what to draw for each field, and what was filled in.

What a step asks for stands in ``workflow.yaml`` and comes here through the actions; nothing
of the procedure is repeated. Whether an answer is right the engine says, never the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...classification.rules.axes import AXES, Classification, classification
from ...classification.rules.definition import workflow
from . import wording

BACKWARD = frozenset({"thaw_evidence", "clear_assessment", "end_withdrawn"})


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field as it is drawn."""

    name: str
    type: str
    label: str
    help: str
    required: bool
    max_length: int | None
    choices: Sequence[Choice]
    value: Any
    errors: Sequence[str]
    id: str
    either: str = ""
    """The labels of the fields of which one is enough, this one among them."""
    suggestions: Sequence[Choice] = ()
    """What may be meant by what is typed; anything else may be typed as well."""


@dataclass(frozen=True)
class Form:
    """One step with its fields."""

    name: str
    label: str
    step: str
    fields: Sequence[Field]
    open: bool
    failed: bool
    forward: bool
    """The step moves the case on rather than back."""


@dataclass(frozen=True)
class Posted:
    """What somebody sent for one step, and what was wrong with it."""

    transition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    evidence: str | None = None


def line_ends(text: str) -> str:
    """Return a text of a form with LF between lines, and without blanks around it."""
    return text.replace("\r\n", "\n").strip()


def read(transition: Mapping[str, Any], sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return the fields of the step out of what a browser sent; anything else is not taken."""
    values: dict[str, Any] = {}
    for spec in transition["fields"]:
        name = spec["name"]
        if spec["type"] == "agencies":
            chosen = [v for v in sent.getlist(name) if v.strip()]
            if chosen:
                values[name] = chosen
        else:
            # Browsers send CR LF between lines; what is kept has LF.
            text = line_ends(sent.get(name, ""))
            if text:
                values[name] = text
    return values


def draw(
    transition: Mapping[str, Any],
    case: Mapping[str, Any],
    owner_org: str | None,
    posted: Posted,
    today: str,
    title: str = "",
) -> Form:
    """Return the form of a step that this person may take.

    :param title: of the dataset: what a test calls it where everybody may know it.
    :param case: the case as ``satudata_classification_show`` gives it.
    :param owner_org: id of the agency that owns the dataset; it needs not be a recipient.
    :param today: the first day that a decision may begin, as ISO text.
    """
    mine = posted if posted.transition == transition["name"] else Posted()
    definition = workflow().named(transition["from"], transition["name"], case["kind"])
    direction = definition.axes if definition else None
    leads_to = _leads_to(case, definition.effect if definition else "")
    labels = {spec["name"]: spec["label"] for spec in transition["fields"]}
    fields = []
    for spec in transition["fields"]:
        required = _required(spec, leads_to)
        if required is None:
            continue
        value = mine.values.get(spec["name"])
        if value is None and not mine.transition:
            value = _default(spec, case, today, direction) or _known(spec, case, owner_org, title)
        fields.append(
            Field(
                name=spec["name"],
                type=spec["type"],
                label=spec["label"],
                help=spec["help"],
                required=required,
                max_length=spec["max_length"],
                choices=_choices(
                    spec, owner_org, leads_to, definition.axes if definition else None
                ),
                value=value,
                errors=list(mine.errors.get(spec["name"], ())),
                id=f"{transition['name']}-{spec['name']}",
                either=" / ".join(labels[name] for name in spec["one_of"] or ()),
            )
        )
    failed = bool(mine.transition)
    forward = definition is not None and definition.effect not in BACKWARD
    return Form(
        name=transition["name"],
        label=transition["label"],
        step=transition["step"],
        fields=fields,
        # What takes a case back is never offered as though it were what is wanted.
        open=failed
        or (forward and (not any(f.required for f in fields) or _follows(case, direction))),
        failed=failed,
        forward=forward,
    )


def _leads_to(case: Mapping[str, Any], effect: str) -> Mapping[str, Any]:
    """Return the axes that the step would decide, as far as they are fixed before it."""
    if effect == "decide_assessed":
        return (case.get("assessment") or {}).get("axes") or {}
    return case.get("proposal") or {}


def _required(spec: Mapping[str, Any], leads_to: Mapping[str, Any]) -> bool | None:
    """Tell whether a field must be filled in; ``None``: it has no place in this step."""
    level = classification().levels.get(leads_to.get("tingkat_keamanan") or "")
    closed = level is not None and not level.open
    limited = closed and level is not None and level.stores_files
    if spec["required_when_limited"]:
        return True if limited else None
    if spec["required_when_closed"]:
        return closed
    if spec["name"] == "tempat" and not closed:
        return None
    return bool(spec["required"])


def _default(
    spec: Mapping[str, Any], case: Mapping[str, Any], today: str, direction: str | None
) -> Any:
    """Return what a field holds before anybody filled it in."""
    if spec["name"] == "mulai":
        return today
    if spec["name"] == "tempat":
        return classification().exclusion.place
    if spec["name"] == "penerima":
        # Whom PPID proposed; whoever approves confirms them or names others.
        return ((case.get("assessment") or {}).get("fields") or {}).get("penerima")
    if spec["type"] == "axis":
        value = (case.get("proposal") or {}).get(spec["name"])
        # A proposal that this step cannot follow is not offered as the answer.
        return value if value in axis_values(spec["name"], direction) else None
    return None


def _known(
    spec: Mapping[str, Any], case: Mapping[str, Any], owner_org: str | None, title: str
) -> str | None:
    """Return what is known of a test before anybody writes it: the item, and who was heard."""
    if spec["name"] == "didengar":
        agency = registry.agency(owner_org) if owner_org else None
        return agency.title if agency else None
    level = (case.get("proposal") or {}).get("tingkat_keamanan")
    return title if spec["name"] == "informasi" and classification().names_titles(level) else None


def _follows(case: Mapping[str, Any], direction: str | None) -> bool:
    """Tell whether a step does what the proposal says: its form stands open."""
    level = classification().levels.get((case.get("proposal") or {}).get("tingkat_keamanan") or "")
    return direction is not None and level is not None and level.open == (direction == "open")


def axis_values(axis: str, direction: str | None) -> list[str]:
    """Return the values of an axis that some allowed combination of this direction has.

    :param direction: ``open``, ``closed`` or ``None`` for both.
    """
    rules = classification()
    kept = set()
    for combination in rules.combinations:
        for name in combination.allowed["tingkat_keamanan"]:
            if direction is None or rules.levels[name].open == (direction == "open"):
                kept |= {name} if axis == "tingkat_keamanan" else set(combination.allowed[axis])
    return [value for value in rules.axes[axis]["values"] if value in kept]


def _choices(
    spec: Mapping[str, Any],
    owner_org: str | None,
    leads_to: Mapping[str, Any],
    direction: str | None,
) -> list[Choice]:
    rules = classification()
    if spec["type"] == "axis":
        known = {c["value"]: c["label"] for c in spec["choices"]}
        return [Choice(v, known[v]) for v in axis_values(spec["name"], direction)]
    if spec["type"] == "choice":
        named = [(c["value"], wording.choice(spec["name"], c["value"])) for c in spec["choices"]]
        return [Choice(*item) for item in named]
    if spec["type"] == "agencies":
        return _agencies(rules, owner_org, leads_to)
    return []


def _agencies(
    rules: Classification, owner_org: str | None, leads_to: Mapping[str, Any]
) -> list[Choice]:
    agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
    named = [Choice(a.name, a.title) for a in agencies if a.active and a.id != owner_org]
    if leads_to.get("data_pribadi") in rules.all_agencies_refused_for:
        return named
    return [Choice(rules.all_agencies, tk._("All agencies of the city")), *named]


def missing_axes(proposal: Mapping[str, Any]) -> list[str]:
    """Return the labels of the axes that nobody filled in yet."""
    rules = classification()
    return [tk._(rules.axes[axis]["label"]) for axis in AXES if not proposal.get(axis)]

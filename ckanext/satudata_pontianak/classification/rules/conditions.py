"""What must hold before a step: one function for each condition named in ``workflow.yaml``.

A condition gets the case and the axes that the step would decide, and returns ``None`` when
it is met, or the parameters of its message when it is not. The messages stand in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...messages import Message
from ...surface.repeating import repeated
from . import impact, kind_names, profiled, variables
from .axes import Axes, Classification
from .exclusion import Determination

NOTHING_SAID = Axes()
NOTHING_RECORDED = Determination()


@dataclass(frozen=True)
class ScanFacts:
    """The scan of one version of the case. ``verdict``: clear, findings, failed, or pending."""

    file: str
    verdict: str
    resolved: bool = False
    lawfully_public: bool = False
    inspected: bool = False
    details: tuple[Message, ...] = ()
    k: int | None = None
    """How many rows are alike at least, where the version was made by masking."""

    @property
    def passes(self) -> bool:
        """Clear, every finding resolved, or inspected by a person. Nothing else passes."""
        if self.verdict == "failed":
            return self.inspected and self.resolved
        return self.verdict == "clear" or (self.verdict == "findings" and self.resolved)


@dataclass(frozen=True)
class CaseContext:
    """A case as the rules see it."""

    id: str
    kind: str
    state: str
    owner_org: str | None
    proposal: Axes = NOTHING_SAID
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scans: tuple[ScanFacts, ...] = ()
    texts: tuple[Message, ...] = ()
    """What the dataset's public texts reveal and nobody resolved."""
    files: int = 0
    described: bool = False
    missing_fields: tuple[Message, ...] = ()
    decision_level: str | None = None
    referral_open: bool = False
    assessed: Axes | None = None
    digest: str = ""
    intact: bool = True
    target_org: str | None = None
    accepted: bool = False
    renewal: bool = False
    determination: Determination = NOTHING_RECORDED
    """What the decision would say if it is one that excludes."""
    proposed_recipients: tuple[str, ...] = ()
    """Names of the agencies that PPID proposed as recipients."""
    kinds: Mapping[str, str | None] = field(default_factory=dict)
    """Kind → class by law, of what scans found and nobody called a false alarm."""
    impact: impact.Stand = impact.NONE
    """How impact assessments of the dataset stand."""
    rows: profiled.Fit = profiled.FITS
    """How its files fit the profile that the dataset names."""
    marked: variables.Marked = variables.NONE
    """Columns that its files hold, and of which its dictionary says that not everybody may."""
    title: str = ""
    """Of the dataset: what a test may not call it where nobody may know it."""

    def took_part(self, user_id: str | None, part: str) -> bool:
        """Tell whether this person acted in this case in the given part."""
        return user_id is not None and user_id in self.parts.get(part, frozenset())


Params = Mapping[str, Any]
Condition = Callable[[CaseContext, Axes, Classification], "Params | None"]


def axes_complete(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """All three axes are proposed."""
    missing = [Message(rules.axes[a]["label"]) for a in axes.missing]
    return {"missing": missing} if missing else None


def combination_allowed(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The triple stands in ``classification.yaml``."""
    why = why_not_allowed(axes, rules)
    return {"why": why} if why else None


def why_not_allowed(axes: Axes, rules: Classification) -> Message | None:
    """Return why a complete triple is not allowed, or ``None`` when it is, or is incomplete."""
    for axis, value in rules.unknown(axes).items():
        known = ", ".join(rules.axes[axis]["values"])
        return Message(
            "'%(value)s' is not known for '%(axis)s'. Choose one of: %(known)s.",
            {
                "value": repeated(value),
                "axis": Message(rules.axes[axis]["label"]),
                "known": known,
            },
        )
    if axes.missing or rules.combination(axes):
        return None
    labels = {axis: Message(rules.label(axis, value)) for axis, value in axes.as_dict().items()}
    if not rules.is_open(axes.tingkat_keamanan) and axes.jenis_informasi != "dikecualikan":
        return Message(
            "The level '%(tingkat_keamanan)s' is only for exempt information. Choose "
            "'dikecualikan' as kind of information, or the level '%(open)s'.",
            {**labels, "open": rules.level_labels(of_open=True)},
        )
    if axes.jenis_informasi == "dikecualikan":
        return Message(
            "Exempt information is never at the level '%(tingkat_keamanan)s'. Choose a higher "
            "level, or another kind of information.",
            labels,
        )
    return Message(
        "Open data may not hold '%(data_pribadi)s'. Anonymise the file, or propose a higher level.",
        labels,
    )


def metadata_complete(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The fields that the schema requires for submission are filled in."""
    return {"missing": list(case.missing_fields)} if case.missing_fields else None


def scans_finished(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """No scan is still running."""
    running = [scan.file for scan in case.scans if scan.verdict == "pending"]
    return {"files": running} if running else None


def files_fit_level(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """Nothing is stored at a level that stores nothing, unless it is there to be sealed.

    Files that were decided before are sealed when the decision falls; a first proposal at
    such a level has none.
    """
    level = axes.tingkat_keamanan
    stores = level not in rules.levels or rules.levels[level].stores_files
    if stores or not case.files or case.decision_level is not None:
        return None
    return {"level": Message(rules.label("tingkat_keamanan", level))}


def described(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """A dataset that brings no file says what the information is."""
    return None if case.files or case.described else {}


def open_proposal(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The proposal is open."""
    if rules.is_open(axes.tingkat_keamanan):
        return None
    return {"level": Message(rules.label("tingkat_keamanan", axes.tingkat_keamanan))}


def scans_clear(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """Every version's scan is clear, or its findings are resolved; so are those in the texts."""
    bad: list[Message] = list(case.texts)
    for scan in case.scans:
        if scan.passes:
            continue
        if scan.details:
            bad += scan.details
        else:
            bad.append(Message("%(file)s: not scanned", {"file": scan.file}))
    return {"findings": bad} if bad else None


def personal_data_resolved(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """`umum` under an open level: there are findings, all resolved as lawfully public."""
    combination = rules.combination(axes)
    if combination is None or combination.needs != "findings_lawfully_public":
        return None
    with_findings = [s for s in case.scans if s.verdict == "findings"]
    if with_findings and all(s.resolved and s.lawfully_public for s in with_findings):
        return None
    return {}


def anonymous_enough(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """Of what was made by masking, enough rows are alike; asked of an open level only."""
    if not rules.is_open(axes.tingkat_keamanan):
        return None
    bad = [
        Message(
            "%(file)s: k = %(k)s, at least %(wanted)s are needed",
            {"file": scan.file, "k": scan.k, "wanted": rules.anonymisation.k},
        )
        for scan in case.scans
        if not rules.anonymisation.reached_by(scan.k)
    ]
    return {"files": bad} if bad else None


def decision_open_or_none(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The decision in force, if any, is open."""
    if case.decision_level is None or rules.is_open(case.decision_level):
        return None
    return {"level": Message(rules.label("tingkat_keamanan", case.decision_level))}


def no_unconcluded_referral(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """No earlier referral is without a conclusion."""
    return {} if case.referral_open else None


def assessed(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """PPID assessed the item."""
    return {} if case.assessed is None else None


def evidence_unchanged(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The files and the proposal are those that were submitted."""
    return None if case.intact else {}


def accepted_by_target(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """The receiving agency took the dataset."""
    return None if case.accepted else {}


def determination_complete(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """A decision that excludes says all that Perki 1/2017 and PP 61/2010 ask for."""
    if rules.is_open(axes.tingkat_keamanan):
        return None
    said = replace(case.determination, level=axes.tingkat_keamanan)
    missing = rules.exclusion.missing(said)
    return {"missing": missing} if missing else None


def impact_assessed(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """Of the kinds for which the law asks for one an impact assessment is concluded, none waits."""
    wanted = impact.missing(axes.tingkat_keamanan, case.kinds, case.impact)
    if wanted:
        return {"kinds": [kind_names.called(kind) for kind in wanted]}
    waits = impact.waits(axes.tingkat_keamanan, case.impact)
    return {"kinds": Message("the assessment that waits")} if waits else None


def rows_fit_profile(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """Each file fits the profile of the dataset, and holds nothing that is not for its readers."""
    problems = list(case.rows.problems)
    if rules.is_open(axes.tingkat_keamanan):
        problems += case.rows.too_open
    return {"problems": problems} if problems else None


def no_personal_columns(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """No file holds a column that the dictionary calls personal; asked of an open level only."""
    if not case.marked.personal or not rules.is_open(axes.tingkat_keamanan):
        return None
    return {"columns": list(case.marked.personal)}


def no_referred_columns(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """No file holds a column of which PPID is to speak; asked of an open level only."""
    if not case.marked.referred or not rules.is_open(axes.tingkat_keamanan):
        return None
    return {"columns": list(case.marked.referred)}


def is_renewal(case: CaseContext, axes: Axes, rules: Classification) -> Params | None:
    """New bytes of a limited dataset, everything else as the decision in force has it."""
    return None if case.renewal else {}


CONDITIONS: dict[str, Condition] = {
    function.__name__: function
    for function in (
        axes_complete,
        combination_allowed,
        metadata_complete,
        scans_finished,
        files_fit_level,
        described,
        open_proposal,
        scans_clear,
        personal_data_resolved,
        anonymous_enough,
        decision_open_or_none,
        no_unconcluded_referral,
        assessed,
        evidence_unchanged,
        accepted_by_target,
        determination_complete,
        impact_assessed,
        rows_fit_profile,
        no_personal_columns,
        no_referred_columns,
        is_renewal,
    )
}

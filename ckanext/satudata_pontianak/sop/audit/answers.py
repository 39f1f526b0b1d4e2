"""What the actions on reports answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict


class CountedFrom(TypedDict):
    """From which entries of the ledger something was counted."""

    entries: int
    signed: Annotated[int, "how many of them the newest head covers"]
    root: str | None
    day: Annotated[str | None, "on which that head was signed"]


class Duration(TypedDict):
    """Working days of a step."""

    state: str
    step: str
    count: int
    median: float | None
    p90: Annotated[int | None, "90th percentile"]


class AgencyDuration(Duration):
    """Working days of a step, of an agency or the city."""

    agency: Annotated[str | None, "`null` is the city"]


Days = TypedDict("Days", {"from": str, "to": str})
"""From the first day to the last, both with it."""

Definition = TypedDict("Definition", {"workflow": str, "version": str, "from": str})
"""A definition that was in force, with the day from which on."""


class CaseNumbers(TypedDict):
    """How many cases there were."""

    total: int
    ended: int
    open: int
    as_written: int
    share_as_written: Annotated[float | None, "of all, between 0 and 1"]
    overdue: int
    refused_attempts: int


class Deviation(TypedDict):
    """Something that was not as written."""

    code: str
    entry: int
    day: str
    case: str
    dataset: str | None
    agency: str | None
    state: str | None
    step: str
    what: list[str]
    dataset_name: str | None
    dataset_title: Annotated[str | None, "for who reads its metadata"]


class Deviations(TypedDict):
    """What was not as written."""

    total: int
    by_code: Annotated[
        dict[str, int],
        "`wrong_start`, `unknown_step`, `wrong_state`, `wrong_target`, `wrong_duty`, `exclusion`, "
        "`late`, `missing_fields`, `break_glass`, `purged`, `no_definition`",
    ]
    list: Annotated[list[Deviation], "each"]


class Overrides(TypedDict):
    """What was done beside the workflow."""

    emergency_access: int
    steps: int
    purged: int


class DecisionNumbers(TypedDict):
    """How many decisions there are."""

    in_force: int
    taken: int
    expired: int


class HoldNumbers(TypedDict):
    """How many holds there are."""

    active: int
    placed: int


class Conformance(TypedDict):
    """How far cases ran as the workflow in force wrote it."""

    period: Days
    definitions: Annotated[list[Definition], "that were in force"]
    cases: CaseNumbers
    deviations: Deviations
    steps: Annotated[list[AgencyDuration], "of each step, of the city and by agency"]
    overrides: Overrides
    decisions: DecisionNumbers
    holds: HoldNumbers


class ConformanceTold(Conformance):
    """The report of a period, with what it was counted from."""

    ledger: CountedFrom


class PublicCases(TypedDict):
    """How many cases there were, as everybody may know."""

    opened: int
    ended: int
    open: int
    overdue: int
    open_by_state: dict[str, int]
    as_written: int
    share_as_written: float | None


class PublicDecisions(TypedDict):
    """How many decisions there are, as everybody may know."""

    taken: int
    expired: int
    by_level: dict[str, int]
    held: Annotated[int, "what is held back, which counts under no level"]
    hidden_as_of: Annotated[
        str,
        "as of this day is counted whatever takes a dataset out of the public's sight: another "
        "level, a removal, a hold on everything",
    ]
    by_agency: Annotated[list[dict[str, Any]], "`agency`, each public level, and `held`"]


class AgencyDays(TypedDict):
    """Working days from proposal to decision, of an agency."""

    agency: str
    count: int
    median: float
    p90: int


class PublicDays(TypedDict):
    """Working days; of fewer than five steps they are null or left out."""

    steps: Annotated[list[Duration], "times of fewer than five steps are `null`"]
    agencies: Annotated[list[AgencyDays], "from proposal to decision, of five cases and more"]


class RequestNumbers(TypedDict):
    """How many requests there were."""

    asked: int
    answered: int
    granted: int
    refused: int
    objections: int
    waiting: int
    overdue: int
    median_days: Annotated[float | None, "working days; of fewer than five `null`"]


class PublicHolds(HoldNumbers):
    """How many holds there were."""

    released: int
    false_alarms: int


class _Year(TypedDict):
    year: int


class Transparency(_Year, Days):
    """The numbers of a year that everybody may know."""

    cases: PublicCases
    decisions: PublicDecisions
    days: PublicDays
    requests: RequestNumbers
    holds: PublicHolds
    incidents: int
    emergency_access: int


class TransparencyTold(Transparency):
    """The numbers of a year, with what they were counted from."""

    ledger: CountedFrom
    agencies: Annotated[dict[str, str], "id and title"]


class SheetTold(TypedDict):
    """What is asked for under one code, and what answers."""

    code: str
    also: Annotated[list[str], "codes of the same in a framework of before"]
    title: str
    proof: str
    numbers: Annotated[dict[str, float | None], "as measured; shares between 0 and 1"]
    sops: Annotated[list[str], "that answer it"]


class FrameworkTold(TypedDict):
    """A set of codes."""

    name: str
    title: str
    source: str
    secondary: Annotated[bool, "not read in the text itself"]
    sheets: list[SheetTold]


class Evidence(TypedDict):
    """The evidence sheets of a year."""

    year: int
    ledger: CountedFrom
    frameworks: list[FrameworkTold]

"""What the actions on cases, scans and holds answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from ...disclosure.anonymising.outcome import Measured
from ...ledger.answers import Receipt, Recorded
from ..records.step_records import Taken
from ..versions.comparison import Compared


class Choice(TypedDict):
    """A value that may be chosen."""

    value: str
    label: str


class AskedField(TypedDict):
    """A field that a step asks for."""

    name: str
    type: Annotated[
        str,
        "`text`, `line`, `date`, `choice`, `axis`, `agencies`, `resources` or `moment`",
    ]
    label: str
    help: str
    choices: list[Choice]
    max_length: int | None


class StepField(AskedField):
    """A field that a step of a case asks for."""

    required: bool
    one_of: Annotated[list[str] | None, "of these fields one is needed"]
    required_when_closed: Annotated[bool, "needed where something is closed"]
    required_when_limited: Annotated[bool, "needed where files are kept and closed"]


Transition = TypedDict(
    "Transition",
    {
        "name": str,
        "label": str,
        "from": Annotated[str, "the state out of which it is taken"],
        "to": str,
        "by": Annotated[str, "the duty that takes it"],
        "step": Annotated[str, "what it is, in a sentence"],
        "fields": list[StepField],
    },
)
"""A step as a client needs it to draw a form."""


class Blocked(TypedDict):
    """A step that the caller may not take now."""

    name: str
    label: str
    code: str
    reason: str


class HandedOver(TypedDict):
    """With which words a case came to the desk where it lies."""

    label: Annotated[str, "of the step"]
    duty: str | None
    at: str | None
    note: str
    back: Annotated[bool, "the step put the case before people who had it already"]


class ScanInShort(TypedDict):
    """The verdict over a version."""

    ruleset: str
    verdict: str


class CaseVersion(TypedDict):
    """A file of a case."""

    id: str
    resource: str
    sha256: str | None
    size: int | None
    name: str
    scan: ScanInShort | None


_Moves = TypedDict("_Moves", {"from": str | None, "to": str | None})


class CaseStep(Taken, _Moves):
    """A step that was taken in a case."""

    label: str
    duty: str | None
    part: str | None
    fields: dict[str, Any]


class Case(TypedDict):
    """The open case."""

    id: str
    kind: Annotated[str, "`classify`, `remove` or `move`"]
    reason: str | None
    state: str
    state_label: str
    holder: Annotated[str | None, "the duty on whose desk it lies"]
    holder_label: str | None
    due: str | None
    opened: str | None
    submitted: str | None
    handed_over: Annotated[HandedOver | None, "where somebody wrote a note with the last step"]
    proposal: Annotated[dict[str, Any], "the three axes"]
    pending: Annotated[dict[str, Any], "what else waits to be decided"]
    changes: Annotated[dict[str, Any], "what a removal or a move changes"]
    accepted: Annotated[bool, "the receiving agency takes the dataset"]
    submit_waits: Annotated[bool, "`submit` is kept until the scans end"]
    submit_refused: Annotated[str | None, "why the kept `submit` was refused"]
    assessment: Annotated[dict[str, Any] | None, "`axes` and `fields` of PPID's test"]
    evidence: Annotated[str, "the digest of what you see"]
    versions: list[CaseVersion]
    transitions: Annotated[list[Transition], "the steps that you may take now"]
    blocked: Annotated[list[Blocked], "the steps that you may not take now"]
    missing: Annotated[list[str], "what the dataset's metadata lack"]
    undescribed: Annotated[
        list[str], "columns of which the dictionary lacks something; no step waits for it"
    ]
    personal: Annotated[list[str], "columns that its dictionary calls personal and a file holds"]
    referred: Annotated[list[str], "columns of which PPID is to say whether they may be open"]
    history: list[CaseStep]


class DecidedVersion(TypedDict):
    """A file that a decision covers."""

    resource: str
    sha256: str | None
    size: int | None


Decision = TypedDict(
    "Decision",
    {
        "level": str,
        "kind": Annotated[str, "of information"],
        "personal_data": str,
        "jenis_informasi": str,
        "tingkat_keamanan": str,
        "data_pribadi": str,
        "number": str | None,
        "from": str | None,
        "until": str | None,
        "review": Annotated[str | None, "the day on which it is reviewed"],
        "recipients": Annotated[list[str], "names of agencies, or what stands for all of them"],
        "decided": str | None,
        "basis": Annotated[dict[str, Any], "the fields of the test that it rests on"],
        "receipt": Annotated[str | None, "as people read it"],
        "versions": Annotated[list[DecidedVersion] | None, "for who may have the data"],
    },
)
"""The decision in force."""


class Hold(TypedDict):
    """What takes data, or everything, out of sight."""

    id: str
    scope: Annotated[str, "`data` or `all`"]
    reason: str
    since: str | None
    confirmed: Annotated[str | None, "when somebody else confirmed it"]


class Earlier(TypedDict):
    """An answer that lapsed, to be confirmed."""

    id: str
    resolution: str
    ground: str | None
    reason: str
    at: str
    lapsed: Annotated[str, "by what: `bytes` or `rule`"]


class Outside(TypedDict):
    """A finding beside the table."""

    part: Annotated[str, "`letterhead` above the table, `signature` or `note` below it"]
    rows: list[int]
    cells: list[str]
    block: Annotated[list[int], "the first and the last row of the whole part"]


class Where(TypedDict):
    """Where a finding stands."""

    rows: Annotated[
        list[int],
        "the first ten rows of the table, as a program for tables counts them; records in JSON, "
        "Parquet and the like",
    ]
    cells: Annotated[list[str], "their addresses in workbooks, such as `D21`"]
    pages: Annotated[list[int], "of a PDF"]
    outside: Annotated[list[Outside], "beside the table"]


class Key(TypedDict):
    """What a finding is called in a call."""

    table: str
    column: str
    kind: str


Found = TypedDict(
    "Found",
    {
        "where": Annotated[
            Where | None,
            "`null` for what was found before places were, in a dataset's texts, and beside the "
            "cells (comments, properties)",
        ],
        "table": str | None,
        "column": str | None,
        "index": NotRequired[Annotated[int | None, "of the column, from 0; not of texts"]],
        "digest": NotRequired[Annotated[str, "of a text: what stands for it"]],
        "kind": str,
        "count": Annotated[int, "how many cells"],
        "share": Annotated[float, "of all cells, between 0 and 1"],
        "score": float,
        "class": Annotated[str, "of personal data"],
        "hard": Annotated[bool, "it refuses a save where it stands in a text"],
        "reason": str,
        "explanation": str,
        "sample": Annotated[str | None, "masked"],
    },
)
"""What was found, as the report of the scan has it."""


class Finding(Found):
    """What was found, and what was said of it."""

    place: Annotated[list[str], "`where` in sentences"]
    removal: Annotated[list[str], "which rows to delete of what stands outside the table"]
    outside: Annotated[bool, "all of it stands outside the table"]
    signs: Annotated[bool, "it is an NIP in signatures below the table"]
    key: Annotated[Key, "to be sent to `satudata_finding_resolve`"]
    resolution: str | None
    carried: Annotated[bool, "that was said of the file before, whose signature stands there too"]
    earlier: Annotated[Earlier | None, "an answer that lapsed, to be confirmed"]
    advice: Annotated[
        list[str],
        "what may be done: delete the `rows`, `drop`, `mask`, `generalise`, `aggregate`, "
        "`raise` the level, `rewrite` a text",
    ]
    text: Annotated[str, "the finding in a sentence"]


class TableShown(TypedDict):
    """What became of a version's table for ``datastore_search``."""

    state: Annotated[str, "`ready`, `failed`, `none` or `dropped`"]
    rows: int
    columns: int
    typed: Annotated[bool, "its columns have types; else all are text"]
    reason: str | None


class MaskReport(Measured):
    """The risk report that a masked version keeps."""

    plan: NotRequired[Annotated[dict[str, Any], "by which it was masked"]]
    workbook: NotRequired[Annotated[bool, "it was made of a sheet of a workbook"]]


class PersonLevel(TypedDict):
    """Whether a row of a table is a person."""

    name: str | None
    rows: int | None
    person_level: bool
    level_explanation: str


class Scan(TypedDict):
    """The scan of a version."""

    version: str
    resource: str
    file: str
    sha256: str | None
    size: int | None
    verdict: Annotated[str, "`clear`, `findings`, `failed` or `pending`"]
    ruleset: str
    finished: str | None
    reason: Annotated[str | None, "why it failed"]
    findings: list[Finding]
    table: Annotated[TableShown | None, "`null` before it was tried"]
    masked: Annotated[MaskReport | None, "of a version that was masked here"]
    inspectable: NotRequired[
        Annotated[
            bool, "this and the next three once the scan has ended: who inspects it may open it"
        ]
    ]
    inspected: NotRequired[bool]
    earlier: NotRequired[Annotated[Earlier | None, "an inspection of the same bytes"]]
    tables: NotRequired[Annotated[list[PersonLevel], "whether a row is a person, and why"]]
    compared: NotRequired[
        Annotated[
            list[Compared] | None,
            "this and the next of a version of the case: where it waits beside an approved one, "
            "each table. A column with findings, and one whose numbers can be read in two ways "
            "(`145.200`), has no total",
        ]
    ]
    derived_from: NotRequired[Annotated[str | None, "id of the dataset that it was made from"]]


class TextScan(TypedDict):
    """What the dataset's own texts may reveal."""

    version: Literal["metadata"]
    verdict: Literal["findings"]
    ruleset: str
    findings: Annotated[list[Finding], "their `table` is `metadata:<field>`"]


class Scans(TypedDict):
    """What was found in a dataset's files and texts."""

    dataset_id: str
    scans: Annotated[
        list[Scan],
        "one for each version of the case, or without a case of what is served (to who sees its "
        "cases or resolves findings)",
    ]
    metadata: Annotated[TextScan | None, "what the dataset's own texts may reveal, if anything"]
    scan_pending: Annotated[bool, "a scan of the case is still running"]


class _Decided(TypedDict):
    case: Annotated[Case | None, "the open one"]
    decision: Annotated[Decision | None, "the one in force"]
    holds: list[Hold]


class Shown(_Decided, Scans):
    """Case, decision, scans and holds of a dataset."""


class Acted(Shown, Recorded):
    """What is shown after an act that was recorded."""


class StepTaken(Shown):
    """What is shown after a step; without a receipt while a file is being scanned."""

    receipt: NotRequired[Annotated[Receipt, "of the record; not there while a scan runs"]]


class Purged(Recorded):
    """That sealed files were purged."""

    dataset_id: str


class State(TypedDict):
    """A state of a case."""

    name: str
    label: str
    holder: str | None
    holder_label: str | None
    end: bool
    due_working_days: int | None


class Condition(TypedDict):
    """What has to hold for a step."""

    name: str
    message: str


class Basis(TypedDict):
    """A law, and how well it is known."""

    text: str
    status: str


class DefinedTransition(Transition):
    """A step as the workflow defines it."""

    part: str | None
    exclude: Annotated[list[str], "parts that nobody who takes it may have taken"]
    conditions: list[Condition]
    basis: list[Basis]


class Axis(TypedDict):
    """An axis of classification."""

    label: str
    values: list[Choice]


class Combination(TypedDict):
    """Values of the three axes that go together."""

    jenis_informasi: list[str]
    tingkat_keamanan: list[str]
    data_pribadi: list[str]
    needs: str | None


class Workflow(TypedDict):
    """The procedure as it is enforced."""

    version: str
    classification_version: str
    states: list[State]
    transitions: list[DefinedTransition]
    axes: dict[str, Axis]
    combinations: Annotated[list[Combination], "every allowed combination of the three axes"]


class Checked(TypedDict):
    """How much of a file nobody answered yet."""

    version: str
    file: str
    masked: Annotated[bool, "it was masked here"]
    unanswered: Annotated[int, "findings that nobody answered, without the NIP of who signs"]


class Outcome(TypedDict):
    """What became of one item of a batch."""

    id: Any
    done: bool
    receipt: NotRequired[Receipt]
    repeated: NotRequired[Annotated[bool, "the caller took this step on this evidence before"]]
    error: NotRequired[Annotated[dict[str, Any], "why not, as of a single step"]]


class Batch(TypedDict):
    """What became of a batch."""

    done: Annotated[int, "how many"]
    refused: int
    results: Annotated[list[Outcome], "one for each item, in its order"]

"""What is asked of rows: a time that can be measured, a trace, a question, an end."""

from __future__ import annotations

import re

import pytest

from ckanext.satudata_pontianak.smki.rules.definition import smki
from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.documents.definition import definitions as in_force
from ckanext.satudata_pontianak.sop.documents.document import Document, Row, Symbol
from ckanext.satudata_pontianak.sop.documents.laws import by_law
from ckanext.satudata_pontianak.sop.documents.rows_parts import AS_ABOVE, ENFORCED

from .made import SCHEMAS, built, definitions, raw, shown

every = pytest.mark.parametrize("document", built().values(), ids=lambda d: d.name)
EVENT = re.compile(
    r"\b(before|after|until|on the|by the day|every|the portal records)\b", re.IGNORECASE
)
VAGUE = re.compile(r"regularly|by agreement|as needed|soon|at any time|in time", re.IGNORECASE)


def measured(text: str) -> bool:
    """Tell whether a time is a number, a date or an event."""
    return bool(re.search(r"\d", text) or EVENT.search(text)) and not VAGUE.search(text)


@pytest.mark.parametrize("text", ["Regularly", "By agreement on the service", "At any time"])
def test_what_nobody_can_measure_is_found(text: str) -> None:
    assert not measured(text)


@every
def test_each_time_is_a_number_a_date_or_an_event(document: Document) -> None:
    above = False
    for row in document.rows:
        if row.time is None:
            assert row.symbol in (Symbol.TERMINATOR, Symbol.CONNECTOR), row.key
        elif row.time.msgid == AS_ABOVE:
            assert above, row.key
        else:
            assert measured(str(row.time)), (row.key, str(row.time))
        above = above or row.symbol is Symbol.DECISION


@every
def test_each_row_is_enforced_or_leaves_a_trace(document: Document) -> None:
    rows = {row.key: row for row in document.rows}
    for row in document.rows:
        if row.symbol is not Symbol.CONNECTOR:
            assert ENFORCED in row.remarks or row.trace, row.key
        kind, _, name = row.trace.partition(":")
        if kind == "task":
            assert name in smki().tasks.tasks, row.key
        elif kind == "control":
            assert name in smki().controls.controls, row.key
        elif kind == "kept":
            assert name in in_force().sop.kept, row.key
        elif row.trace:
            assert row.manual
            assert traced(rows, row), row.key


def traced(rows: dict[str, Row], row: Row) -> bool:
    """Tell whether the rows in which a row is recorded end in one that the portal carries out."""
    seen = {row.key}
    while ENFORCED not in row.remarks:
        if row.trace.startswith(("task:", "control:", "kept:")):
            return True
        if row.trace in seen or row.trace not in rows:
            return False
        seen.add(row.trace)
        row = rows[row.trace]
    return True


@every
def test_each_decision_asks_a_question_with_two_answers(document: Document) -> None:
    for row in document.rows:
        answers = [link.answer and link.answer.msgid for link in row.links]
        if row.symbol is Symbol.DECISION:
            assert answers == ["Yes", "No"], row.key
            assert row.activity.msgid.endswith("?"), row.key
        else:
            assert len(row.links) <= 1, row.key
            assert answers in ([], [None]), row.key


@every
def test_nothing_follows_an_end(document: Document) -> None:
    for row in document.rows[1:]:
        assert not (row.symbol is Symbol.TERMINATOR and row.links), row.key


def test_emergency_access_is_a_branch_that_the_usual_road_does_not_pass() -> None:
    rows = {row.key: row for row in built()["akun-hak-akses"].rows}
    assert [link.to for link in rows["urgent"].links] == ["emergency", "decree"]
    reached, waiting = set(), ["decree"]
    while waiting:
        key = waiting.pop()
        reached.add(key)
        waiting += [link.to for link in rows[key].links if link.to not in reached]
    assert not {"emergency", "task:emergency_review"} & reached
    assert [link.to for link in rows["emergency"].links] == ["task:emergency_review"]


# ------------------------------------------------------------------------------ tasks in a flow


def test_the_row_of_a_task_says_what_the_task_says() -> None:
    task = smki().tasks.tasks["internal_audit"]
    row = next(r for r in built()["audit-internal"].rows if r.trace == "task:internal_audit")
    assert row.lane == task.role
    assert row.activity.params["label"].msgid == task.label
    assert row.time is not None
    assert row.time.params["days"] == task.due_working_days
    told = shown(built()["audit-internal"])["rows"][0]
    assert told["lane_label"] == "Pengawas internal"
    assert "Dibagikan portal" in " ".join(told["notes"])


def test_every_task_that_names_a_procedure_stands_in_it() -> None:
    documents = built()
    for task in smki().tasks.tasks.values():
        if task.sop:
            rows = documents[task.sop].rows
            assert any(row.trace == f"task:{task.name}" for row in rows), task.name


def test_labels_of_roles_are_not_repeated() -> None:
    lanes = raw("sop")["lanes"]
    assert not {"auditor", "koordinator", "pejabat_pdp", "ttis", "pemilik_risiko"} & set(lanes)
    text = (SCHEMAS / "smki" / "procedures.yaml").read_text("utf-8")
    assert "lanes:" not in text


def test_a_trace_that_is_nowhere_is_refused() -> None:
    sop = raw("sop")
    sop["documents"]["cadangan"]["flow"][0]["trace"] = "tiada"
    with pytest.raises(ValueError, match="'backup' is recorded in 'tiada'"):
        build_all(definitions(sop=sop))


# ----------------------------------------------------------------------------- the identity block


def test_laws_stand_once_each_with_their_articles() -> None:
    items = [
        {"text": "BSSN 4/2021", "mark": ""},
        {"text": "UU 27/2022 Pasal 46", "mark": ""},
        {"text": "ISO/IEC 27001:2022, 5.9", "mark": "*"},
        {"text": "UU 27/2022 Pasal 31, 34", "mark": "*"},
        {"text": "UU 43/2009 Pasal 40; Perka ANRI 17/2011", "mark": ""},
    ]
    assert [row["text"] for row in by_law(items)] == [
        "UU 27/2022, Pasal 46; 31, 34*",
        "UU 43/2009, Pasal 40",
        "BSSN 4/2021",
        "ISO/IEC 27001:2022, 5.9*",
        "Perka ANRI 17/2011",
    ]


@every
def test_no_law_stands_twice(document: Document) -> None:
    laws = [law.split(",")[0].rstrip("*") for law in shown(document)["laws"]]
    assert len(laws) == len(set(laws))

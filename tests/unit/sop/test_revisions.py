"""Who takes which step of a revision, and which rows differ from what was signed."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.revisions import rules

from .made import built, definitions, raw, shown

DAY = dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("step", "state", "roles", "acted", "allowed"),
    [
        ("draft", None, {"walidata"}, set(), True),
        ("draft", None, {"auditor"}, set(), False),
        ("check", "draft", {"koordinator"}, {"a"}, True),
        ("check", "draft", {"koordinator"}, {"me"}, False),
        ("check", "checked", {"koordinator"}, {"a"}, False),
        ("approve", "checked", {"pimpinan"}, {"a", "b"}, True),
        ("approve", "checked", {"pimpinan", "walidata"}, {"a", "me"}, False),
        ("approve", "draft", {"pimpinan"}, {"a"}, False),
        ("approve", "checked", {"walidata"}, {"a"}, False),
        ("review", "in_force", {"walidata"}, {"me"}, True),
        ("review", "replaced", {"walidata"}, set(), False),
    ],
)
def test_a_step_is_taken_by_its_role_in_its_state_and_by_nobody_twice(
    step, state, roles, acted, allowed: bool
) -> None:
    assert rules.may(step, state, roles, acted, "me") is allowed


def test_a_revision_is_in_force_from_its_day_until_a_later_one_is() -> None:
    later = DAY + dt.timedelta(days=1)
    assert rules.state_on(DAY, rules.APPROVED, later, newest=False) == rules.WAITS
    assert rules.state_on(later, rules.APPROVED, later, newest=True) == rules.IN_FORCE
    assert rules.state_on(later, rules.APPROVED, DAY, newest=False) == rules.REPLACED
    assert rules.state_on(DAY, rules.CHECKED, None, newest=False) == rules.CHECKED
    assert rules.review_due(DAY, None) == dt.date(2028, 2, 29)
    assert rules.review_due(DAY, later) == dt.date(2028, 3, 1)


def kept(**changed) -> list[dict]:
    document = build_all(definitions(**changed))["uji-konsekuensi"]
    return rules.kept(shown(document)["rows"])


def test_a_changed_deadline_is_named_row_by_row_and_nothing_else() -> None:
    workflow = raw("workflow")
    workflow["states"]["consequence_test"]["due_working_days"] = 17
    found = rules.differences(kept(), kept(workflow=workflow))
    assert {row["change"] for row in found} == {"changed"}
    assert {row["key"] for row in found} == {"identify", "study", "case:consequence_test"}
    (part,) = found[0]["parts"]
    assert (part["part"], part["signed"], part["now"]) == ("time", "10 hari kerja", "17 hari kerja")


def test_a_row_that_came_or_went_is_named_and_one_that_moved_is_not() -> None:
    sop = raw("sop")
    flow = sop["documents"]["uji-konsekuensi"]["flow"]
    added = {**flow[1], "name": "again", "step": "PPID studies the laws once more."}
    flow.insert(1, added)
    (row,) = rules.differences(kept(), kept(sop=sop))
    assert (row["change"], row["key"], row["number_signed"]) == ("added", "again", None)
    (row,) = rules.differences(kept(sop=sop), kept())
    assert (row["change"], row["key"], row["number"]) == ("removed", "again", None)
    assert rules.differences(kept(), kept()) == []


def test_rows_are_kept_as_plain_text() -> None:
    for document in built().values():
        for row in rules.kept(shown(document)["rows"]):
            assert all(isinstance(row[part], str) for part in rules.PARTS)

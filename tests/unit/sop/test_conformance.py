"""The replay finds what was not as written, names it, and calls nothing else so."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules import deadlines, indonesian
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.sop.audit.conformance import Period, percentile, report
from ckanext.satudata_pontianak.sop.audit.conformance_tables import (
    CODE_LABELS,
    conformance_tables,
)
from ckanext.satudata_pontianak.sop.audit.old_workflow import Past
from ckanext.satudata_pontianak.sop.audit.replay import CODES, Entry
from ckanext.satudata_pontianak.sop.audit.tables import Language, Names, as_csv, view

from .ledgers import CLOSED_ROAD, MONDAY, OPEN_ROAD, Ledger, changed
from .made import raw, with_new_state

YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def made(entries: list[Entry], **more: Any) -> dict[str, Any]:
    told = report(entries, more.pop("period", YEAR), **more)
    json.dumps(told)
    return told


def codes(entries: list[Entry], **more: Any) -> dict[str, int]:
    return made(entries, **more)["deviations"]["by_code"]


def closed() -> Ledger:
    ledger = Ledger()
    ledger.road("a", *CLOSED_ROAD, level="rahasia", until="2027-01-01")
    return ledger


# ---------------------------------------------------------------------------------- as written


def walks() -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 30), min_size=1, max_size=12)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)  # the first one reads the files
@given(picks=walks(), rests=st.lists(st.integers(0, 4), min_size=12, max_size=12))
def test_any_walk_through_the_definition_is_as_written(picks, rests) -> None:
    ledger = Ledger()
    ledger.open("a")
    state = "draft"
    for pick, rest in zip(picks, rests, strict=False):
        ways = [s for s in ledger.past.steps if s.source == state and "classify" in s.kinds]
        if not ways:
            break
        step = ways[pick % len(ways)]
        ledger.rest(rest)
        # Each part has a person of its own, so that nobody meets an exclusion.
        ledger.step("a", state, step.name, step.part or "other", level="rahasia")
        state = step.target
    told = made(ledger.entries)
    assert told["deviations"]["list"] == []
    assert told["cases"]["share_as_written"] == 1
    assert told["cases"]["ended"] == (state in ledger.past.ends)


def test_the_days_of_a_step_are_working_days_and_each_agency_has_its_own() -> None:
    ledger = Ledger()
    for number, rest in enumerate((1, 2, 3, 4, 5, 9)):
        ledger.road(str(number), *OPEN_ROAD, rest=rest, level="biasa")
    rows = {(r["agency"], r["step"]): r for r in made(ledger.entries)["steps"]}
    for agency in (None, "dinas"):
        row = rows[agency, "approve"]
        assert (row["count"], row["median"], row["p90"]) == (6, 3.5, 9)
    assert codes(ledger.entries) == {"late": 1}


@given(st.lists(st.integers(0, 500), min_size=1, max_size=50))
def test_a_percentile_is_a_value_that_nine_of_ten_do_not_exceed(values) -> None:
    found = percentile(values, 0.9)
    assert found in values
    assert sum(v <= found for v in values) >= 0.9 * len(values)
    assert sum(v < found for v in values) < 0.9 * len(values)


# ----------------------------------------------------------------------------------- deviations

ASSESS, APPROVE = 4, 5
"""Where these entries stand in a ledger of one closed road, counted from the definition."""
DEVIATING = [
    ("wrong_start", 1, {"after": {"state": "approval"}}),
    ("unknown_step", ASSESS, {"event": "case.abracadabra"}),
    ("wrong_state", ASSESS, {"event": "case.submit"}),
    ("wrong_state", ASSESS, {"before": {"state": "draft"}}),
    ("wrong_target", ASSESS, {"after": {"state": "decided"}}),
    ("wrong_duty", ASSESS, {"duty": "walidata"}),
    ("exclusion", ASSESS, {"actor": "budi"}),
    ("exclusion", APPROVE, {"actor": "ani"}),
    ("missing_fields", ASSESS, {"detail": {"fields": {"informasi": "x"}}}),
    ("missing_fields", APPROVE, {"detail": {"fields": {}}}),
    ("break_glass", APPROVE, {"detail": {"break_glass": "g-1"}}),
    ("late", 3, {"after": {"due": "2026-09-08"}}),
    ("purged", APPROVE, {"event": "dataset.purge"}),
    ("no_definition", ASSESS, {"detail": {"workflow": "0" * 64}}),
]


@pytest.mark.parametrize(("code", "place", "change"), DEVIATING)
def test_each_deviation_is_named_with_its_entry(code, place, change) -> None:
    ledger = closed()
    assert codes(ledger.entries) == {}
    ledger.entries[place] = changed(ledger.entries[place], **change)
    told = made(ledger.entries)
    assert told["deviations"]["by_code"].get(code, 0) >= 1
    named = [d for d in told["deviations"]["list"] if d["code"] == code]
    assert {d["case"] for d in named} == {"a"}
    assert named[0]["dataset"] == "data-a"
    late = 1 if code == "late" else 0
    assert named[0]["entry"] == place + 1 + late
    assert told["cases"]["share_as_written"] == 0


CODED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-|\b20\d\d-\d\d-\d\d\b|\b[a-z]+[_.][a-z_]+\b|\bNone\b|abracadabra"
)
"""What programs call things, and dates as they write them."""
ENGLISH_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])")


@pytest.mark.parametrize(("code", "place", "change"), DEVIATING)
def test_no_deviation_is_told_in_codes(code, place, change) -> None:
    ledger = closed()
    ledger.entries[place] = changed(ledger.entries[place], **change)
    names = Names.of([ledger.past], {"dinas": "Dinas Kesehatan"})
    found = conformance_tables(made(ledger.entries), names)
    tables = [table for table in found if table.key != "definitions"]  # of versions and hashes
    official = Language(indonesian.translator())
    for language in (official, Language(str, "en")):
        shown = view(tables, language)
        cells = [cell for table in shown for row in table["rows"] for cell in row]
        assert any(cell == language.said(Message(CODE_LABELS[code])) for cell in cells)
        assert [cell for cell in cells if CODED.search(cell)] == [], language.code
    cells += as_csv(tables, official).decode("utf-8-sig").splitlines()
    assert [cell for cell in cells if CODED.search(cell) or ENGLISH_DECIMAL.search(cell)] == []


def test_every_code_is_tried() -> None:
    assert {code for code, _, _ in DEVIATING} == set(CODES)


def test_who_checked_may_not_change_what_is_proposed() -> None:
    ledger = Ledger()
    ledger.road("a", ("draft", "submit", "ani"), ("verification", "return", "budi"))
    who = {"case": "a", "dataset": "data-a", "detail": {"workflow": ledger.hash}}
    ledger.write("version.add", actor="ani", **who)
    assert codes(ledger.entries) == {}
    ledger.write("version.add", actor="budi", **who)
    assert codes(ledger.entries) == {"exclusion": 1}


def test_who_resolved_a_strict_finding_may_not_approve() -> None:
    for part, expected in ((None, {}), ("resolver", {"exclusion": 1})):
        ledger = Ledger()
        ledger.road("a", OPEN_ROAD[0])
        detail = {"workflow": ledger.hash, "part": part}
        ledger.write("finding.resolve", actor="budi", case="a", dataset="data-a", detail=detail)
        ledger.step("a", "verification", "approve", "budi", level="biasa")
        assert codes(ledger.entries) == expected


def test_a_refused_attempt_is_counted_and_moves_nothing() -> None:
    ledger = closed()
    refused = changed(ledger.entries[APPROVE], outcome="refused", actor="ani")
    told = made([*ledger.entries[:APPROVE], refused, *ledger.entries[APPROVE:]])
    assert told["cases"]["refused_attempts"] == 1
    assert told["deviations"]["total"] == 0


def test_entries_from_before_the_naming_are_judged_by_the_assumed_definition() -> None:
    ledger = closed()
    old = [changed(e, detail={"workflow": None}) for e in ledger.entries]
    assert codes(old) == {"no_definition": 4 + 1}
    assert codes(old, assumed=ledger.past) == {}


def test_open_and_late_and_expired_are_told_as_of_the_last_day() -> None:
    ledger = closed()
    ledger.open("b")
    ledger.rest(1)
    ledger.step("b", "draft", "submit", "ani")
    due = deadlines.add_working_days(ledger.at.date(), 5)
    for day, late in ((due, 0), (due + dt.timedelta(days=1), 1)):
        told = made(ledger.entries, period=Period(YEAR.first, day))
        assert told["cases"]["overdue"] == late
        assert (told["cases"]["open"], told["cases"]["ended"]) == (1, 1)
    for day, over in ((dt.date(2027, 1, 1), 0), (dt.date(2027, 1, 2), 1)):
        told = made(ledger.entries, period=Period(YEAR.first, day))
        assert told["decisions"] == {"in_force": 1, "taken": 1, "expired": over}


def test_what_the_reader_may_not_know_of_leaves_no_trace() -> None:
    ledger = closed()
    ledger.road("b", *OPEN_ROAD, level="biasa")
    alone = Ledger()
    alone.at = ledger.entries[APPROVE].at
    alone.road("b", *OPEN_ROAD, level="biasa")
    told, expected = made(ledger.entries, hidden={"data-a"}), made(alone.entries)
    del told["definitions"], expected["definitions"]
    assert told == expected


# --------------------------------------------------------------------- a change of a definition


def test_a_changed_deadline_counts_from_its_own_day_on_and_not_before() -> None:
    """The same two cases take six days each; between them the deadline became eight."""
    before, flow = Ledger(), raw("workflow")
    flow["states"]["verification"]["due_working_days"] = 8
    after = Ledger(workflow=flow)
    assert before.hash != after.hash
    before.road("a", *OPEN_ROAD, rest=6, level="biasa")
    after.at = before.at
    after.road("b", *OPEN_ROAD, rest=6, level="biasa")
    told = made([*before.entries, *after.entries])
    assert [(d["case"], d["code"]) for d in told["deviations"]["list"]] == [("a", "late")]
    assert [d["workflow"] for d in told["definitions"]] == [before.hash, after.hash]


def test_a_new_state_and_its_steps_are_followed_with_no_code_touched() -> None:
    ledger = Ledger(workflow=with_new_state())
    ledger.road(
        "a",
        ("draft", "submit", "ani"),
        ("verification", "ask_lawyers", "budi"),
        ("legal_review", "hand_on", "eka"),
        ("consequence_test", "assess", "citra"),
        ("approval", "approve", "dewi"),
        level="terbatas",
    )
    told = made(ledger.entries)
    assert told["deviations"]["total"] == 0
    assert ("legal_review", "hand_on") in {(r["state"], r["step"]) for r in told["steps"]}
    # By the definition without that state the same case went astray.
    plain = Ledger()
    other = [changed(e, detail={"workflow": plain.hash}) for e in ledger.entries[1:]]
    assert set(codes([plain.entries[0], *other])) == {"unknown_step"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"workflow": {}, "levels": []}', "null"])
def test_a_text_that_is_no_definition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no definition|Expecting value"):
        Past.of(text)
    after = {"workflow": "x", "definition": text}
    assert made([Entry(1, MONDAY, "workflow.change", after=after)])["definitions"] == []

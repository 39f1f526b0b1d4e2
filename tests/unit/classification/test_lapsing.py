"""What was said of a finding lasts while bytes, place and rule do; then it is offered again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules import findings
from ckanext.satudata_pontianak.classification.rules.findings import Earlier, Said
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT, KINDS, Ruleset, choose

RULESETS = st.sampled_from(["2026.1", "2026.2", "2027.1"])
PLACES = st.tuples(st.just(""), st.sampled_from(["nik", "hp"]), st.sampled_from(KINDS))
WHERE = ("", "hp", "telepon")


def test_a_kind_that_is_not_named_counts_as_changed() -> None:
    rules = Ruleset("2027.1", KINDS, unchanged_since={"nik": "2026.2"})
    assert rules.rule("nik") == "2026.2"
    assert rules.rule("telepon") == "2027.1"
    assert rules.rule("inspected") == "2027.1"
    assert set(DEFAULT.unchanged_since) <= {*KINDS, findings.INSPECTED}


@given(
    said=st.dictionaries(PLACES, RULESETS),
    ruleset=RULESETS,
    older=st.dictionaries(st.sampled_from(KINDS), RULESETS),
)
def test_what_lasts_was_said_under_the_rule_of_the_scan(said, ruleset, older) -> None:
    answers = {where: Said("false_alarm", "x", rule) for where, rule in said.items()}
    left = findings.lasting(answers, ruleset, {findings.RULES: older})
    for where, rule in said.items():
        assert (where in left) is (rule == older.get(where[2], ruleset))


def earlier(sha: str, where=WHERE, name: str = "a") -> Earlier:
    return Earlier(name, sha, where, "false_alarm", None, "Nomor kantor", "2026-11-01T00:00:00")


@pytest.mark.parametrize(("sha", "lapsed"), [("x", "rule"), ("y", "bytes")])
def test_an_earlier_answer_says_why_it_lapsed(sha, lapsed) -> None:
    offered = findings.offered("x", {WHERE}, [earlier(sha), earlier("z", name="older")])
    assert (offered[WHERE].id, offered[WHERE].lapsed) == ("a", lapsed)


def test_nothing_is_offered_where_something_stands_or_another_place_is_meant() -> None:
    assert findings.offered("x", set(), [earlier("x")]) == {}
    assert findings.offered("x", {("", "hp", "nik")}, [earlier("x")]) == {}


def test_an_inspection_is_offered_for_the_very_bytes_only() -> None:
    place = findings.INSPECTION
    assert findings.offered("x", {place}, [earlier("y", place)]) == {}
    assert place in findings.offered("x", {place}, [earlier("x", place)])


def test_a_ruleset_from_a_file_is_another_one_for_every_kind(tmp_path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"id": "uji"}', "utf-8")
    assert {choose(str(path)).rule(kind) for kind in KINDS} == {"uji"}

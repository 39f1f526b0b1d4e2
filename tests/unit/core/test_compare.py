"""What the stage `core` says of two halves and of the list of differences."""

from __future__ import annotations

import pytest

from ...core.compare import entries, judged

PASSED = {"model/test_a.py::test_1": "passed", "model/test_a.py::test_2": "passed"}
ONE_FAILS = {**PASSED, "model/test_a.py::test_2": "failed"}


def test_a_difference_must_be_listed_with_its_reason():
    wrong, counted = judged(PASSED, ONE_FAILS, {"model/test_a.py::test_2": "because"}, ["model"])
    assert (wrong, counted) == ([], {"because": 1})
    wrong, _ = judged(PASSED, ONE_FAILS, {}, ["model"])
    assert wrong == ["differs, and is not listed: model/test_a.py::test_2"]


def test_a_test_that_did_not_run_with_us_is_a_difference_too():
    wrong, _ = judged(PASSED, {"model/test_a.py::test_1": "passed"}, {}, ["model"])
    assert wrong == ["differs, and is not listed: model/test_a.py::test_2"]


def test_an_entry_whose_test_passes_or_is_gone_fails():
    listed = {"model/test_a.py::test_1": "because", "model/test_b.py::test_1": "because"}
    wrong, _ = judged(PASSED, PASSED, listed, ["model"])
    assert wrong == [
        "listed, and passes with us: model/test_a.py::test_1",
        "listed, and there is no such test: model/test_b.py::test_1",
    ]


def test_an_entry_for_many_stands_only_where_all_of_them_fail():
    wrong, _ = judged(PASSED, ONE_FAILS, {"model/test_a.py::*": "because"}, ["model"])
    assert wrong == ["listed, and passes with us: model/test_a.py::test_1"]


def test_what_fails_without_us_is_no_difference_and_packages_that_did_not_run_are_not_asked_for():
    wrong, counted = judged(ONE_FAILS, ONE_FAILS, {"lib/test_b.py::test_1": "because"}, ["model"])
    assert (wrong, counted) == ([], {})


def test_an_entry_stands_once():
    text = "- reason: one\n  tests: {model/test_a.py: [test_1]}\n"
    assert entries(text) == {"model/test_a.py::test_1": "one"}
    with pytest.raises(ValueError, match="stands there twice"):
        entries(text + text.replace("one", "two"))

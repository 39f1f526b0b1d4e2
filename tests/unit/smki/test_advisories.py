"""Which known weaknesses what is installed has."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.smki.rules import advisories
from ckanext.satudata_pontianak.smki.rules.advisories import Weakness

INSTALLED = {"Example_Lib": "1.4.0", "other": "2.0"}
MINE = [{"name": "example-lib", "version": "1.4.0"}, {"name": "other", "version": "2.0"}]
SKIPPED = [{"name": row["name"], "skip_reason": "not found"} for row in MINE]


def osv(*events, versions=(), name="example-lib", **more):
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    package = {"ecosystem": "PyPI", "name": name}
    about = {"package": package, "ranges": ranges, "versions": list(versions)}
    return {"id": "GHSA-xxxx", "affected": [about], **more}


def test_the_list_of_pip_audit_is_read_of_the_installed_version_alone() -> None:
    vulns = [{"id": "PYSEC-2026-1", "fix_versions": ["1.4.1", "1.5.0"]}]
    rows = [
        {"name": "example-lib", "version": "1.4.0", "vulns": vulns},
        {"name": "other", "skip_reason": "not found"},
        {"name": "gone", "version": "1.0", "vulns": vulns},
    ]
    found = advisories.read({"dependencies": rows}, INSTALLED | {"pip": "23"})
    assert found.weaknesses == (
        Weakness("PYSEC-2026-1", "example-lib", "1.4.0", ("1.4.1", "1.5.0")),
    )
    assert found.audited == {"example-lib"}


@pytest.mark.parametrize("rows", [[], MINE[:1], [MINE[0], MINE[1] | {"version": "1.0"}], SKIPPED])
def test_an_audit_of_other_versions_than_those_installed_is_refused(rows) -> None:
    assert advisories.read({"dependencies": MINE}, INSTALLED).audited
    with pytest.raises(advisories.AdvisoryError, match=r"other versions.*: [a-z]"):
        advisories.read({"dependencies": rows}, INSTALLED)


@pytest.mark.parametrize(
    ("events", "affected"),
    [
        ([{"introduced": "0"}, {"fixed": "1.4.1"}], True),
        ([{"introduced": "0"}, {"fixed": "1.4.0"}], False),
        ([{"introduced": "1.5"}], False),
        ([{"introduced": "0"}, {"last_affected": "1.4.0"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.3"}], False),
        ([{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "1.3"}], True),
        ([{"introduced": "0"}, {"fixed": "not a version"}], True),
    ],
)
def test_ranges_of_osv_are_followed(events, affected) -> None:
    assert bool(advisories.read(osv(*events), INSTALLED).weaknesses) is affected


def test_versions_that_osv_lists_count_and_what_was_withdrawn_does_not() -> None:
    def found(**more):
        return advisories.read([osv(versions=["1.4.0"], **more)], INSTALLED)

    assert found().weaknesses
    assert not found(withdrawn="2026-01-01").weaknesses
    assert not found(name="another").weaknesses
    assert not found().audited, "advisories say of no library that nothing else is known"


RANGE = {"package": {"ecosystem": "PyPI", "name": "other"}, "ranges": [{"type": "ECOSYSTEM"}]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "x",
        [1],
        {"dependencies": [1]},
        {"dependencies": [MINE[0] | {"vulns": [1]}, MINE[1]]},
        {"id": "x"},
        [{"id": "x y"}],
        {"id": "GHSA-xxxx", "affected": [RANGE]},
        osv({}),
        osv({"introduced": 0}),
        osv({"introduced": "0", "fixed": "1"}),
    ],
)
def test_what_is_of_no_known_form_is_refused(data) -> None:
    with pytest.raises(advisories.AdvisoryError):
        advisories.read(data, INSTALLED)


@pytest.mark.parametrize(
    ("now", "mended"), [("2.0.1", False), ("2.0.3", True), ("1.2.6", True), ("1.3", False)]
)
def test_each_line_of_versions_is_mended_by_its_own(now, mended) -> None:
    weakness = Weakness("X-1", "example-lib", "1.2.0", ("1.2.5", "2.0.3"))
    assert advisories.mended(weakness, {"example-lib": now}) is mended


@pytest.mark.parametrize(
    ("now", "mended"),
    [("1.4.0", False), ("1.4.1", True), ("1.6", True), (None, True), ("1.3", False)],
)
def test_a_weakness_is_mended_once_a_version_is_installed_that_has_it_no_more(now, mended) -> None:
    installed = {"example-lib": now} if now else {}
    weakness = Weakness("X-1", "example-lib", "1.4.0", ("1.4.1",))
    assert advisories.mended(weakness, installed) is mended

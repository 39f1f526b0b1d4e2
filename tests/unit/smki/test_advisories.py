"""Which known weaknesses what is installed has."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.smki.rules import advisories
from ckanext.satudata_pontianak.smki.rules.advisories import Weakness

INSTALLED = {"Example_Lib": "1.4.0", "other": "2.0"}


def osv(*events, versions=(), name="example-lib", **more):
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    package = {"ecosystem": "PyPI", "name": name}
    about = {"package": package, "ranges": ranges, "versions": list(versions)}
    return {"id": "GHSA-xxxx", "affected": [about], **more}


def test_the_list_of_pip_audit_is_read_of_the_installed_version_alone() -> None:
    vulns = [{"id": "PYSEC-2026-1", "fix_versions": ["1.4.1", "1.5.0"]}]
    rows = [
        {"name": "example-lib", "version": "1.4.0", "vulns": vulns},
        {"name": "other", "version": "1.0", "vulns": vulns},
        {"name": "gone", "version": "1.0", "vulns": vulns},
    ]
    found = advisories.read({"dependencies": rows}, INSTALLED)
    assert found == [Weakness("PYSEC-2026-1", "example-lib", "1.4.0", ("1.4.1", "1.5.0"))]


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
    assert bool(advisories.read(osv(*events), INSTALLED)) is affected


def test_versions_that_osv_lists_count_and_what_was_withdrawn_does_not() -> None:
    assert advisories.read([osv(versions=["1.4.0"])], INSTALLED)
    assert not advisories.read([osv(versions=["1.4.0"], withdrawn="2026-01-01")], INSTALLED)
    assert not advisories.read([osv(versions=["1.4.0"], name="another")], INSTALLED)


@pytest.mark.parametrize("data", [{}, [], "x", [1], {"dependencies": [1]}, {"id": "x"}])
def test_what_is_of_no_known_form_is_refused_or_names_nothing(data) -> None:
    if data == []:
        assert advisories.read(data, INSTALLED) == []
        return
    with pytest.raises(advisories.AdvisoryError):
        advisories.read(data, INSTALLED)


@pytest.mark.parametrize(
    ("now", "mended"),
    [("1.4.0", False), ("1.4.1", True), ("1.6", True), (None, True), ("1.3", False)],
)
def test_a_weakness_is_mended_once_a_version_is_installed_that_has_it_no_more(now, mended) -> None:
    installed = {"example-lib": now} if now else {}
    weakness = Weakness("X-1", "example-lib", "1.4.0", ("1.4.1",))
    assert advisories.mended(weakness, installed) is mended

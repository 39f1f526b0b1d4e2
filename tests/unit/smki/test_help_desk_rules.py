"""``schemas/help_desk.yaml``: who answers on what, until when, and which pages are ours."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.smki.rules.help_desk import HelpDesk, help_desk, parts_of, path_of
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

TEXT = (paths.schemas() / "help_desk.yaml").read_text("utf-8")
SITE = "https://data.contoh.id/"
FRIDAY = dt.date(2026, 11, 27)


def desk(old: str = "", new: str = "") -> HelpDesk:
    assert old in TEXT
    return HelpDesk.of(Source("help_desk.yaml", TEXT.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  pengawas: {answered_by: [pengawas]}\n", "", "the topic 'pengawas' is missing"),
        ("  pengawas: {", "  siapa: {", "unknown topic 'siapa'"),
        ("[pembina_data]", "[produsen_data]", "a duty that somebody holds"),
        ("[pembina_data]", "[]", "answered_by"),
        ("accepted_by: walidata", "accepted_by: produsen_data", "a duty that somebody holds"),
        ("rises_after_days: 5", "rises_after_days: 0", "rises_after_days"),
        ("waiting: 20", "waiting: 20\n  lain: 1", "unknown key 'lain'"),
    ],
)
def test_a_mistake_names_its_file_and_line(old, new, reason) -> None:
    with pytest.raises(DefinitionError) as found:
        desk(old, new)
    assert reason in str(found.value)
    assert "help_desk.yaml, line " in str(found.value)


def test_each_topic_is_answered_by_its_own_duty_and_by_who_accepts() -> None:
    known = help_desk()
    assert known.answered_with({Duty.WALIDATA}) == list(known.topics)
    assert known.answered_with({Duty.PENGAWAS}) == ["pengawas"]
    assert known.answered_with(set()) == []
    others = desk("ppid: {answered_by: [ppid]}", "ppid: {answered_by: [ppid, pengawas]}")
    assert others.answered_with({Duty.PENGAWAS}) == ["ppid", "pengawas"]


def test_days_are_working_days() -> None:
    known = desk("answered_within_days: 3", "answered_within_days: 1")
    assert known.due(FRIDAY) == dt.date(2026, 11, 30)
    assert not known.rises(FRIDAY, dt.date(2026, 12, 3))
    assert known.rises(FRIDAY, dt.date(2026, 12, 4))


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "/"),
        ("/satudata/meja", "/satudata/meja"),
        ("/satudata/meja/", "/satudata/meja/"),
        ("/satudata/meja?q=rahasia#akhir", "/satudata/meja"),
        ("https://data.contoh.id/dataset/stok-vaksin", "/dataset/stok-vaksin"),
        ("https://data.contoh.id/", "/"),
        ("https://data.contoh.id", None),
        ("https://data.contoh.id.lain.id/dataset", None),
        ("https://lain.id/dataset", None),
        ("//lain.id/dataset", None),
        ("/satudata//meja", None),
        ("javascript:alert(1)", None),
        ("/a b", None),
        ("/a\\b", None),
        ("satudata/meja", None),
        ("", None),
    ],
)
def test_a_page_is_a_path_of_the_portal(address, path) -> None:
    assert path_of(address, SITE) == path


def test_a_long_address_is_read_at_once() -> None:
    assert path_of("/a" * 5000 + "!", SITE) is None
    assert path_of("/" + "a" * 10_000 + "!", SITE) is None


def test_the_parts_of_a_path_may_be_names() -> None:
    assert parts_of("/dataset/stok-vaksin/") == ["dataset", "stok-vaksin"]
    assert parts_of("/") == []

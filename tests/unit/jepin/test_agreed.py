"""A list of agreed data: which rows it takes, and where a row stands."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.jepin.rules.agreed import (
    Agreed,
    Line,
    Standing,
    agreed,
    counted,
    day_of,
    met_on,
    outcome,
)
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

TEXT = (paths.schemas() / "agreed_data.yaml").read_text(encoding="utf-8")
YEAR = 2026
FREQUENCIES = ("bulanan", "tahunan")
GOOD = {
    "kode": "DD-2026-001",
    "produsen": "dinas-kesehatan",
    "judul": "Jumlah puskesmas menurut kecamatan",
    "frekuensi": "tahunan",
    "jadwal_rilis": "24 November 2026",
    "prioritas": "ya",
    "dataset": "jumlah-puskesmas",
}
ALONE = {**dict.fromkeys(GOOD, ""), "kode": "DD-2026-001"}
SPAN = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


def read(*rows: dict[str, str], kinds=lambda text: []):
    return agreed().read(rows, YEAR, FREQUENCIES, kinds)


def test_a_row_is_read_as_people_write_it() -> None:
    (row,) = read(GOOD)
    assert (row.number, row.code, row.agency, row.errors) == (
        2,
        "DD-2026-001",
        GOOD["produsen"],
        {},
    )
    assert row.line("id") == Line(
        "id", GOOD["judul"], "tahunan", dt.date(2026, 11, 24), True, "jumlah-puskesmas"
    )


@pytest.mark.parametrize(
    "text",
    ["2026-11-24", "24/11/2026", "24-11-2026", "24 November 2026", "24 nov 2026",
     "2026-11-24 00:00:00", "2026-11-24T00:00:00"],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written_or_kept_by_a_workbook(text) -> None:
    assert day_of(text) == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["", "November", "11/24/2026", "31/02/2026", "45620", "2026-11", "2026-W47-2"]
)
def test_what_is_no_day_is_none(text) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"kode": ""}, {"code"}),
        ({"kode": "dua kata"}, {"code"}),
        ({"kode": "x" * 41}, {"code"}),
        ({"produsen": ""}, {"agency"}),
        ({"judul": ""}, {"title"}),
        ({"judul": "x" * 201}, {"title"}),
        ({"frekuensi": "kadang"}, {"frequency"}),
        ({"frekuensi": ""}, {"frequency"}),
        ({"jadwal_rilis": ""}, {"due"}),
        ({"jadwal_rilis": "segera"}, {"due"}),
        ({"jadwal_rilis": "31/12/2025"}, {"due"}),
        ({"jadwal_rilis": "01/01/2028"}, {"due"}),
        ({"jadwal_rilis": "31/12/2027"}, set()),
        ({"prioritas": "mungkin"}, {"priority"}),
        ({"prioritas": "", "dataset": ""}, set()),
        ({"prioritas": "Tidak", "frekuensi": "Tahunan"}, set()),
        ({"frekuensi": "?", "judul": "", "jadwal_rilis": "x"}, {"frequency", "title", "due"}),
    ],
)
def test_a_row_says_in_which_columns_it_is_wrong(changed, wrong) -> None:
    (row,) = read({**GOOD, **changed})
    assert set(row.errors) == wrong
    assert (row.line("id") is None) == bool(wrong)


@pytest.mark.parametrize("key", ["kode", "judul"])
def test_a_text_in_which_an_identifier_stands_is_refused_without_repeating_it(key) -> None:
    (row,) = read({**GOOD, key: "6171014101900001"}, kinds=lambda t: ["nik"] if "6171" in t else [])
    (messages,) = row.errors.values()
    assert "nik" in messages[0].text()
    assert not any("6171" in each.text() for each in messages)
    assert row.line("id") is None


def test_a_code_stands_once_and_empty_rows_are_none() -> None:
    rows = read(GOOD, {}, {**GOOD, "kode": "DD-2"}, GOOD)
    assert [row.number for row in rows] == [2, 4, 5]
    assert [set(row.errors) for row in rows] == [set(), set(), {"code"}]


def test_a_code_that_stands_alone_says_nothing() -> None:
    (row,) = read(ALONE)
    assert (row.empty, row.errors, row.line("id")) == (True, {}, None)


@given(due=SPAN, today=SPAN, met=st.none() | SPAN)
def test_where_a_row_stands_is_what_the_days_say(due, today, met) -> None:
    found = agreed().standing(due, today, met)
    assert (found in (Standing.MET, Standing.MET_LATE)) == (met is not None)
    if met is not None:
        assert (found is Standing.MET) == (met.toordinal() - due.toordinal() <= 0)
        return
    left = due.toordinal() - today.toordinal()
    by_hand = {True: Standing.LATE}.get(left < 0) or (
        Standing.SOON if left in range(15) else Standing.AHEAD
    )
    assert found is by_hand


@given(came=st.lists(SPAN), year=st.integers(2024, 2028))
def test_a_row_is_fulfilled_by_the_first_data_since_its_year_began(came, year) -> None:
    met = met_on(came, year)
    best = None
    for day in came:
        if day >= dt.date(year, 1, 1) and (best is None or day < best):
            best = day
    assert met == best


def test_a_day_later_makes_the_difference() -> None:
    due = dt.date(2026, 11, 24)
    day = dt.timedelta(days=1)

    def stands(today, met=None):
        return agreed().standing(due, today, met)

    assert stands(due) is Standing.SOON
    assert stands(due + day) is Standing.LATE
    assert stands(due - 14 * day) is Standing.SOON
    assert stands(due - 15 * day) is Standing.AHEAD
    assert stands(due + day, due) is Standing.MET
    assert stands(due, due + day) is Standing.MET_LATE


@given(due=SPAN, today=SPAN)
def test_a_reminder_is_of_a_day_that_came_a_moment_ago(due, today) -> None:
    passed = today.toordinal() - due.toordinal()
    by_hand = {
        -14: "near", -13: "near", -12: "near", -3: "near", -2: "near", -1: "near",
        1: "past", 2: "past", 3: "past", 14: "long_past", 15: "long_past", 16: "long_past",
    }.get(passed)  # fmt: skip
    stage = agreed().reminder(due, today)
    assert (stage.kind if stage else None) == by_hand
    first, last = agreed().reminded(today)
    assert by_hand is None or first <= due <= last


def test_every_standing_is_counted_also_where_nothing_stands_so() -> None:
    found = counted([Standing.LATE, Standing.LATE, Standing.MET])
    assert list(found) == list(Standing)
    assert (found[Standing.LATE], found[Standing.MET], found[Standing.SOON]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(None, 1, "new"), (1, 1, "same"), (1, 2, "changed"), (1, None, "gone"), (None, None, "same")],
)
def test_what_becomes_of_a_row(before, after, said) -> None:
    lines = {n: Line("id", f"Judul {n}", "tahunan", dt.date(2026, 1, 1)) for n in (1, 2)}
    assert outcome(lines.get(before), lines.get(after)) == said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("heading: judul", "heading: kode"),
        ("heading: frekuensi", "heading: frekuensi, most: 3"),
        ("heading: kode, label: Code, most: 40", "heading: kode, label: Code"),
        ("rows: 5000", "rows: 0"),
        ("remind: [-14, -3, 1, 14]", "remind: [-3, -14, 1, 14]"),
        ("remind: [-14, -3, 1, 14]", "remind: [-14, -3, -2, 14]"),
        ("  late: {label: Late}", "  lambat: {label: Late}"),
        ("  dataset:", "  data:"),
        ("version:", "versi:"),
    ],
)
def test_what_is_not_declared_is_refused_with_its_line(old, new) -> None:
    assert old in TEXT
    with pytest.raises(DefinitionError, match="line"):
        Agreed.of(Source("agreed_data.yaml", TEXT.replace(old, new, 1)))

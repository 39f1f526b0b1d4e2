"""How current figures are: fresh, due, late, or not to be said."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.metadata import freshness
from ckanext.satudata_pontianak.metadata.freshness import Freshness
from ckanext.satudata_pontianak.metadata.service import shipped_fields
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

ORDER = [Freshness.FRESH, Freshness.DUE, Freshness.LATE]
PROMISING = sorted(n for n, rule in freshness.rules().frequencies.items() if rule.every)
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
frequencies = st.sampled_from([*freshness.rules().frequencies, "entah", "", None])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_choice_of_the_form_has_a_rule_and_no_other() -> None:
    field = next(f for f in shipped_fields() if f["field_name"] == "frekuensi_penerbitan")
    assert list(freshness.rules().frequencies) == [c["value"] for c in field["choices"]]


def test_data_came_on_the_day_of_the_city() -> None:
    """CKAN keeps moments in UTC: one of the evening there is one of the next day here."""
    for moment in ("2026-11-29T18:00:00.123456", "2026-11-29T18:00:00+00:00", "2026-11-30"):
        dataset = {"resources": [{"created": "2026-01-05T08:00:00", "last_modified": moment}]}
        assert freshness.last_update(dataset) == day("2026-11-30"), moment
        assert freshness.indexed(dataset)["satudata_data_day"] == "2026-11-30"


@pytest.mark.parametrize(
    ("frequency", "last", "today", "state"),
    [
        ("tahunan", "2025-03-01", "2026-02-28", Freshness.FRESH),
        ("tahunan", "2025-03-01", "2026-03-01", Freshness.DUE),
        ("tahunan", "2025-03-01", "2026-04-30", Freshness.DUE),
        ("tahunan", "2025-03-01", "2026-05-01", Freshness.LATE),
        ("bulanan", "2026-01-31", "2026-02-27", Freshness.FRESH),
        ("bulanan", "2026-01-31", "2026-02-28", Freshness.DUE),
        ("bulanan", "2026-01-31", "2026-03-16", Freshness.LATE),
        ("harian", "2026-11-24", "2026-11-26", Freshness.DUE),
        ("waktu_nyata", "2026-11-20", "2026-11-25", Freshness.LATE),
        ("dua_tahunan", "2024-02-29", "2026-02-27", Freshness.FRESH),
        ("sekali", "1999-01-01", "2026-11-25", Freshness.FRESH),
        ("tidak_tetap", "2026-11-25", "2026-11-25", Freshness.UNKNOWN),
        ("lebih_dari_dua_tahunan", "2026-11-25", "2026-11-25", Freshness.UNKNOWN),
    ],
)
def test_the_frequency_says_until_when(
    frequency: str, last: str, today: str, state: Freshness
) -> None:
    assert freshness.freshness(frequency, day(last), day(today)) is state


def test_the_named_day_counts_until_data_came() -> None:
    named = day("2026-06-01")
    assert freshness.next_release("tahunan", day("2025-01-01"), named) == named
    assert freshness.next_release("tahunan", named, named) == day("2027-06-01")
    assert freshness.next_release("tidak_tetap", None, named) == named
    late = freshness.freshness("tidak_tetap", None, day("2026-06-02"), named)
    assert late is Freshness.LATE


def test_a_corrected_description_makes_nothing_fresh() -> None:
    dataset = {
        "frekuensi_penerbitan": "tahunan",
        "metadata_modified": "2026-11-25T08:00:00",
        "resources": [
            {"created": "2023-01-05T08:00:00", "metadata_modified": "2026-11-25T08:00:00"},
            {"created": "2022-01-05T08:00:00", "last_modified": "2023-02-01T08:00:00"},
        ],
    }
    assert freshness.last_update(dataset) == day("2023-02-01")
    assert freshness.next_of_dataset(dataset) == day("2024-02-01")
    assert freshness.of_dataset(dataset, day("2026-11-25")) is Freshness.LATE


def of_months(newest: str | None, **more: object) -> dict[str, object]:
    file = {"created": "2026-11-20T03:00:00", "satudata_newest": newest}
    return {"frekuensi_penerbitan": "bulanan", "resources": [file], **more}


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        ("2025-12-31", Freshness.LATE),
        ("2026-08-31", Freshness.LATE),
        ("2026-09-30", Freshness.DUE),
        ("2026-10-31", Freshness.FRESH),
        ("2026-12-31", Freshness.FRESH),  # of a year that has only begun
        (None, Freshness.FRESH),
    ],
)
def test_old_figures_that_come_again_are_late(newest: str | None, state: Freshness) -> None:
    """A file that came in November with figures until last December promises nothing by that."""
    dataset = of_months(newest)
    assert freshness.of_dataset(dataset, day("2026-12-01")) is state
    assert freshness.indexed(dataset)["satudata_data_day"] == "2026-11-20"
    late = day(freshness.indexed(dataset)["satudata_late_day"]) <= day("2026-12-01")
    assert late is (state is Freshness.LATE)
    once = of_months(newest, frekuensi_penerbitan="sekali")
    assert freshness.of_dataset(once, day("2026-12-01")) is Freshness.FRESH
    named = of_months(newest, jadwal_rilis="2026-12-20")
    assert freshness.next_of_dataset(named) == day("2026-12-20")


def test_a_later_file_that_is_silent_leaves_nothing_certain() -> None:
    told = (day("2026-01-10"), day("2025-12-31"))
    older = (day("2025-01-10"), day("2024-12-31"))
    assert freshness.newest_told([told, older, (day("2026-01-10"), None)]) == day("2025-12-31")
    assert freshness.newest_told([told, (day("2026-02-01"), None)]) is None
    assert freshness.newest_told([(day("2026-02-01"), None)]) is None
    assert freshness.newest_told([]) is None


@pytest.mark.parametrize("dataset", [{}, {"resources": None}, {"resources": [{"created": "x"}]}])
def test_without_data_nothing_can_be_said(dataset: dict[str, object]) -> None:
    asked = {"frekuensi_penerbitan": "tahunan", "jadwal_rilis": "bukan hari", **dataset}
    assert freshness.of_dataset(asked, day("2026-11-25")) is Freshness.UNKNOWN


@given(frequencies, st.none() | days, days, st.none() | days)
def test_it_only_grows_older(
    frequency: str | None, last: dt.date | None, today: dt.date, named: dt.date | None
) -> None:
    """With time a state goes on in its order, and an unknown one stays so."""
    now = freshness.freshness(frequency, last, today, named)
    then = freshness.freshness(frequency, last, today + dt.timedelta(days=40), named)
    if Freshness.UNKNOWN in (now, then):
        assert now is then
    else:
        assert ORDER.index(now) <= ORDER.index(then)


@given(frequencies, days, days, days)
def test_newer_data_never_make_it_worse(
    frequency: str | None, one: dt.date, other: dt.date, today: dt.date
) -> None:
    older, newer = sorted([one, other])
    before = freshness.freshness(frequency, older, today)
    after = freshness.freshness(frequency, newer, today)
    if Freshness.UNKNOWN in (before, after):
        assert before is after
    else:
        assert ORDER.index(after) <= ORDER.index(before)


@given(st.sampled_from(PROMISING), days)
def test_the_day_of_an_update_is_fresh_and_the_next_release_lies_ahead(
    frequency: str, last: dt.date
) -> None:
    due = freshness.next_release(frequency, last)
    assert due is not None
    assert due > last
    assert freshness.freshness(frequency, last, last) is Freshness.FRESH
    assert freshness.freshness(frequency, last, due - dt.timedelta(days=1)) is Freshness.FRESH
    assert freshness.freshness(frequency, last, due) is Freshness.DUE


def test_the_end_of_the_calendar_is_no_error() -> None:
    assert freshness.next_release("tahunan", dt.date.max) == dt.date.max


@pytest.mark.parametrize(
    "said",
    [
        {"every": {}},
        {"every": {"days": -1}},
        {"every": {"days": 1, "months": 1}},
        {"every": {"days": 1}, "grace": -1},
        {"every": {"days": 1}, "never": True},
    ],
)
def test_a_rule_that_says_nothing_or_two_things_is_refused(said: dict[str, object]) -> None:
    states = {state.value: {"label": "x"} for state in Freshness}
    with pytest.raises(DefinitionError, match=r"^f.yaml, line 1\d: "):
        read({"states": states, "frequencies": {"x_y": said}})


def test_a_state_without_a_label_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"line 2: the state 'due' is missing"):
        read({"states": {"fresh": {"label": "x"}}, "frequencies": {}})
    with pytest.raises(DefinitionError, match=r"line 3: 'fresh': 'label' is missing"):
        read({"states": {"fresh": {}}, "frequencies": {}})


def read(content: dict[str, object]) -> freshness.Rules:
    text = yaml.safe_dump({"version": 1, **content}, sort_keys=False)
    return freshness.Rules.of(Source("f.yaml", text))


@given(frequencies, st.none() | days, days, st.none() | days)
def test_the_days_in_the_index_say_the_same(
    frequency: str | None, last: dt.date | None, today: dt.date, named: dt.date | None
) -> None:
    dataset = {
        "frekuensi_penerbitan": frequency,
        "jadwal_rilis": named.isoformat() if named else None,
        "resources": [{"created": last.isoformat()}] if last else [],
    }
    kept = freshness.indexed(dataset)
    now = today.isoformat()
    due, late = kept.get("satudata_due_day"), kept.get("satudata_late_day")
    said = Freshness.UNKNOWN
    if due is not None and late is not None:
        said = Freshness.LATE if late <= now else Freshness.DUE if due <= now else Freshness.FRESH
    assert freshness.of_dataset(dataset, today) is said

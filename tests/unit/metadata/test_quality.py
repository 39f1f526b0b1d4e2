"""The quality of a dataset: what a fix gives, and what makes figures fresh."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.metadata import freshness, service
from ckanext.satudata_pontianak.metadata.quality.definition import Place, Quality, quality
from ckanext.satudata_pontianak.metadata.quality.rules import RULES, Facts, FileFacts
from ckanext.satudata_pontianak.metadata.quality.score import scored
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

from ...good_metadata import GOOD

FIELDS = {field["field_name"]: field for field in service.shipped_fields()}
TODAY = dt.date(2026, 11, 24)
TEXT = (paths.schemas() / "quality.yaml").read_text(encoding="utf-8")
BAD = {
    "urusan": "9.99.99",
    "cakupan": "kota",
    "tahun": "tahun lalu",
    "license_id": "notspecified",
    "maintainer_email": "orang@gmail.com",
    "level_penyajian": "desa",
    "frekuensi_penerbitan": "kadang",
}
GOOD_FILE = FileFacts("a", "Berkas", "CSV", True, True, TODAY, TODAY)
days_ = st.dates(dt.date(2015, 1, 1), TODAY)
promises = st.sampled_from([*freshness.rules().frequencies, "", "kadang"])
files = st.builds(
    FileFacts,
    st.just("a"),
    st.sampled_from(["", "Berkas"]),
    st.sampled_from(["", "CSV", "PDF", "xlsx"]),
    st.booleans(),
    st.booleans(),
    days_,
    st.one_of(st.none(), days_),
)


@st.composite
def facts_of(draw) -> Facts:
    values = {}
    for name, good in GOOD.items():
        value = draw(st.sampled_from([good, "", None, BAD.get(name, " ")]))
        if value is not None:
            values[name] = value
    values["frekuensi_penerbitan"] = draw(promises)
    values["jadwal_rilis"] = draw(st.one_of(st.just(""), st.dates().map(dt.date.isoformat)))
    found = draw(st.lists(files, max_size=3))
    return Facts(values, FIELDS, found, TODAY, quality().open_formats)


def mended(facts: Facts, check: str) -> Facts:
    """Do what the help of a check says, and nothing else."""
    rule = quality().checks[check]
    if rule.place is Place.DATASET:
        return replace(facts, values={**facts.values, rule.field: GOOD[rule.field]})
    done = {
        "file": lambda: facts.files or [FileFacts("a", came=TODAY, newest=TODAY)],
        "kept": lambda: [replace(one, kept=True) for one in facts.files or [FileFacts("a")]],
        "format": lambda: [
            replace(one, format=one.format or "CSV") for one in facts.files or [FileFacts("a")]
        ],
        "files_named": lambda: [replace(o, name="B") for o in facts.files or [FileFacts("a")]],
        "open_format": lambda: [*facts.files, GOOD_FILE],
        "table": lambda: [*facts.files, GOOD_FILE],
        "current": lambda: [*facts.files, GOOD_FILE],
    }
    return replace(facts, files=list(done[check]()))


@given(facts_of())
def test_every_suggested_fix_together_gives_exactly_the_forecast(facts: Facts) -> None:
    before = scored(quality(), facts)
    for one in before.lost:
        facts = mended(facts, one.name)
    after = scored(quality(), facts)
    assert after.points == before.forecast
    assert not after.lost


@given(facts_of())
def test_one_fix_of_a_field_gives_its_gain_and_takes_nothing_else(facts: Facts) -> None:
    before = scored(quality(), facts)
    for one in before.lost:
        if one.check.place is Place.DATASET and one.check.field != "frekuensi_penerbitan":
            after = scored(quality(), mended(facts, one.name))
            assert after.points == before.points + one.check.points


@given(facts_of())
def test_points_add_up_and_the_greatest_gain_stands_first(facts: Facts) -> None:
    score = scored(quality(), facts)
    parts = score.parts()
    assert sum(part.points for part in parts.values()) == score.points
    assert sum(part.possible for part in parts.values()) == score.possible
    gains = [one.check.points for one in score.lost]
    assert gains == sorted(gains, reverse=True)
    assert scored(quality(), facts) == score


@given(facts_of(), st.dictionaries(st.sampled_from(sorted({*GOOD, "jadwal_rilis"})), st.text()))
def test_touching_metadata_makes_no_stale_figures_fresh(facts: Facts, written) -> None:
    facts = replace(facts, values={**facts.values, "frekuensi_penerbitan": "bulanan"})
    written.pop("frekuensi_penerbitan", None)
    touched = replace(facts, values={**facts.values, **written})
    if not RULES["current"](facts, ""):
        late_by_schedule = RULES["current"](
            replace(facts, values={**facts.values, "jadwal_rilis": ""}), ""
        )
        assert late_by_schedule or not RULES["current"](touched, "")


def test_a_later_day_of_release_makes_no_stale_figures_fresh() -> None:
    old = FileFacts("a", "B", "CSV", True, True, dt.date(2024, 1, 5), dt.date(2023, 12, 31))
    values = {**GOOD, "frekuensi_penerbitan": "bulanan", "jadwal_rilis": "2027-01-01"}
    facts = Facts(values, FIELDS, [old], TODAY, quality().open_formats)
    assert not RULES["current"](facts, "")


def test_a_file_of_today_with_the_figures_of_years_ago_is_late() -> None:
    old = FileFacts("a", "B", "CSV", True, True, TODAY, dt.date(2022, 12, 31))
    facts = Facts(GOOD, FIELDS, [old], TODAY, quality().open_formats)
    assert not RULES["current"](facts, "")


@pytest.mark.parametrize("field", sorted(BAD))
def test_a_field_that_holds_what_it_may_not_counts_as_empty(field: str) -> None:
    facts = Facts({**GOOD, field: BAD[field]}, FIELDS, [GOOD_FILE], TODAY, quality().open_formats)
    assert field in [one.check.field for one in scored(quality(), facts).lost]


def test_each_check_says_what_to_do_and_where_it_comes_from() -> None:
    definition = quality()
    assert {check.dimension for check in definition.checks.values()} == set(definition.dimensions)
    assert all(check.help.endswith(".") for check in definition.checks.values())
    assert definition.unconfirmed("mqa")
    assert not definition.unconfirmed("sdi")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rule: tagged", "rule: tigged"),
        ("dimension: findable", "dimension: findible"),
        ("sources: [mqa]", "sources: [mqo]"),
        ("field: urusan, ", ""),
    ],
)
def test_a_wrong_definition_is_refused_with_its_line(old: str, new: str) -> None:
    with pytest.raises(DefinitionError, match=r"quality\.yaml, line \d+"):
        Quality.of(Source("quality.yaml", TEXT.replace(old, new, 1)), frozenset(RULES))

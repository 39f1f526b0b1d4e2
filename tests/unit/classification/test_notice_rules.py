"""What is told to whom, and the mail that gathers it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.classification.grants.request_definition import (
    ANSWERERS,
    request_rules,
)
from ckanext.satudata_pontianak.classification.incidents import fields
from ckanext.satudata_pontianak.classification.incidents.definition import (
    IncidentRules,
    incident_rules,
)
from ckanext.satudata_pontianak.classification.notices import digest
from ckanext.satudata_pontianak.classification.notices.definition import NoticeRules, notice_rules
from ckanext.satudata_pontianak.classification.notices.digest import Item
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.refusals import InvalidFields
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

CITY = ZoneInfo("Asia/Pontianak")
DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("notices", "to: [holder]", "to: [boss]", "unknown people 'boss'"),
        ("notices", "facts: [due]", "facts: [title]", "'facts': Invalid enum value 'title'"),
        ("notices", "  case_late:", "  case_lapsed:", "unknown kind 'case_lapsed'"),
        ("notices", "return: [case_returned]", "return: [case_lost]", "unknown kind 'case_lost'"),
        (
            "notices",
            "facts: [number, due, receipt]\n  request_settled",
            "facts: [due, receipt]\n  request_settled",
            "is not listed",
        ),
        ("notices", "  request_end:", "  request_over:", "unknown mail 'request_over'"),
        (
            "notices",
            "decided_otherwise: case_refused",
            "decided_otherwise: case_no",
            "unknown kind",
        ),
        ("notices", "kept_days: 400", "kept_days: long", "'kept_days': Expected `int`"),
        ("notices", "walidata: [atasan_ppid]", "walidata: [camat]", "unknown people 'camat'"),
        ("incidents", "hours: 72", "hours: 3 days", "'hours': Expected `int`"),
        (
            "incidents",
            "clocks: [personal_data]",
            "clocks: [moon]",
            "'clocks': Invalid enum value 'moon'",
        ),
        ("incidents", "by: [ppid]", "by: [camat]", "unknown people 'camat'"),
        ("incidents", "to: concluded", "to: open", "'open' is no end"),
        (
            "incidents",
            "exclude: [author]",
            "exclude: [owner]",
            "'exclude': Invalid enum value 'owner'",
        ),
        (
            "incidents",
            "[findings_resolved]",
            "[moon_full]",
            "'conditions': Invalid enum value 'moon_full'",
        ),
        ("incidents", "required: [reason]", "required: [because]", "unknown field 'because'"),
        ("incidents", "  ended:", "  over:", "'ended' is missing"),
    ],
)
def test_a_wrong_definition_names_its_line(file: str, old: str, new: str, reason: str) -> None:
    text = (paths.schemas() / f"{file}.yaml").read_text(encoding="utf-8")
    assert old in text
    rules = {"notices": NoticeRules, "incidents": IncidentRules}[file]
    with pytest.raises(DefinitionError) as error:
        rules.of(Source(f"{file}.yaml", text.replace(old, new, 1)))
    assert reason in str(error.value)
    assert str(error.value).startswith(f"{file}.yaml, line ")


def test_whoever_can_be_late_has_somebody_above() -> None:
    rules = notice_rules()
    holders = {state.holder for state in workflow().states.values() if state.holder}
    requests = {s.holder for s in request_rules().states.values() if s.due_working_days}
    answering = {who for road in request_rules().roads.values() for who in road.answered_by}
    for holder in holders | answering | (requests - {ANSWERERS}):
        assert rules.superiors_of(str(holder)), holder
        late = rules.people_of("case_late", str(holder))
        assert set(late) > set(rules.people_of("case_due", str(holder))), holder


def test_of_every_step_of_a_case_it_is_said_who_is_told() -> None:
    rules = notice_rules()
    steps = {t.name for t in workflow().transitions.values()}
    assert steps == set(rules.steps)
    assert {name for name in steps if not rules.steps[name]} == {"adopt"}
    assert rules.otherwise not in {kind for kinds in rules.steps.values() for kind in kinds}


def test_whoever_gets_a_case_back_has_a_day_by_which_to_mend_it() -> None:
    for step in workflow().transitions.values():
        if step.gives_back and step.by != "produsen_data":
            assert step.due_working_days or workflow().states[step.target].due_working_days, step


def test_no_legal_duty_is_optional() -> None:
    rules = notice_rules()
    optional = {kind.name for kind in rules.optional_kinds()}
    assert optional
    assert not {name for name in optional if name.startswith("incident")}
    assert "decision_over" not in optional


def made(*items: Item) -> digest.Digest:
    return digest.digest(
        items,
        {kind.name: kind.label for kind in notice_rules().kinds.values()},
        site="Satu Data",
        portal="https://data.example/p",
        choices="https://data.example/c",
        zone=CITY,
    )


def test_one_mail_gathers_what_is_new_by_kind() -> None:
    mail = made(
        Item("case_due", "https://data.example/1", {"due": "2026-11-26"}),
        Item("incident_begun", "https://data.example/2", {"number": 7, "due": "2026-11-26T20:00Z"}),
        Item("case_due", "https://data.example/3", {"due": "2026-11-27"}),
    )
    assert mail.subject == "[Satu Data] 3 notices"
    assert mail.body.index("An incident began (1)") < mail.body.index("answered soon (2)")
    assert "no. 7, until 27 November 2026, 03.00 WIB: https://data.example/2" in mail.body
    assert "- until 26 November 2026: https://data.example/1" in mail.body
    assert mail.body.endswith("Satu Data\n")


def test_a_flood_is_one_mail_that_names_how_many_there_are() -> None:
    mail = made(*(Item("case_late", f"https://data.example/{n}") for n in range(2000)))
    assert mail.body.count("https://data.example/") == digest.MOST_LINKS + 2
    assert "and 1980 more" in mail.body


def ended(name: str, vital: bool = False, **values: object) -> dict[str, str]:
    rules = incident_rules()
    return fields.check_end(
        rules.ends[name],
        rules,
        values,
        first=DAY,
        today=DAY + dt.timedelta(days=3),
        vital=vital,
        kinds_in=lambda text: ["nik"] if "6171" in text else [],
    )


FULL = {
    "data_exposed": "Nama dan nomor telepon 20 orang",
    "exposed_when": "Dua hari",
    "exposed_how": "Kolom tidak dihapus",
    "handling": "Berkas ditahan dan diganti",
}


def test_an_incident_ends_with_what_the_law_asks_and_nothing_is_filled_in() -> None:
    told = {"subjects_told": "2026-11-25", "authority_told": "2026-11-26"}
    assert ended("conclude", **FULL, **told) == {**FULL, **told}
    no = {"no_notice_reason": "Tidak ada data pribadi yang terungkap"}
    assert ended("conclude", **FULL, **no) == {**FULL, **no}
    for missing in FULL:
        with pytest.raises(InvalidFields) as error:
            ended("conclude", **{k: v for k, v in FULL.items() if k != missing}, **told)
        assert list(error.value.errors) == [missing]
    with pytest.raises(InvalidFields) as error:
        ended("conclude", vital=True, **FULL, **told)
    assert list(error.value.errors) == ["sector_told"]
    with pytest.raises(InvalidFields) as error:
        ended("conclude", **FULL, subjects_told="2026-11-25")
    assert list(error.value.errors) == ["authority_told"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handling", "x"),
        ("handling", 7),
        ("handling", "a\x00b" * 20),
        ("handling", "x" * 4001),
        ("handling", "Nomor 6171014101900001 terungkap"),
        ("subjects_told", "kemarin"),
        ("subjects_told", "2026-11-23"),
        ("subjects_told", "2026-11-28"),
        ("subjects_told", ["2026-11-25"]),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field: str, value: object) -> None:
    values = {**FULL, "no_notice_reason": "Tidak ada yang terungkap", field: value}
    with pytest.raises(InvalidFields) as error:
        ended("conclude", **values)
    assert list(error.value.errors) == [field]


@pytest.mark.parametrize(
    "text", ["", "2026-11-24", "kemarin", "2026-13-01T00:00", None, 7, "0001-01-01T00:00"]
)
def test_a_moment_is_read_or_none(text: object) -> None:
    assert fields.read_moment(text, CITY) is None


def test_a_moment_without_a_zone_is_on_the_citys_clock() -> None:
    moment = fields.read_moment("2026-11-24T07:00", CITY)
    assert moment == dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)

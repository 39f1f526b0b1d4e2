"""Ten years of the clock: every date has its case, nothing opens, every deadline is found late.

The days are walked with the clock of the machine set to them. What must happen on a day is
reckoned here again, with another library, from the dates alone.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import holidays
import numpy as np
import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.clock import cases, deadlines_told
from ckanext.satudata_pontianak.classification.incidents import incidents
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Case, Decision
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rules import deadlines

FIRST = dt.date(2027, 1, 4)
YEARS = 10
OFF = np.array(sorted(holidays.country_holidays("ID", years=range(2026, 2040))), dtype="datetime64")
REVIEW, WARN_DECISION, WARN_CASE = 60, 20, 2


def works(day: dt.date) -> bool:
    return bool(np.is_busday(np.datetime64(day), holidays=OFF))


def within(day: dt.date, due: dt.date, count: int) -> bool:
    """Tell whether at most so many working days lie after ``day`` up to ``due``."""
    one = dt.timedelta(days=1)
    between = int(np.busday_count(day + one, due + one, holidays=OFF))
    return between < count or (between == count and works(due))


def walked(rng: random.Random, dates: list[dt.date]) -> list[dt.date]:
    """Return the days on which the clock runs: around every date, and others by lot."""
    around = [-90, -86, -30, -28, -1, 0, 1, 2, 3, 4]
    days = {date + dt.timedelta(days=n) for date in dates for n in around}
    days |= {FIRST + dt.timedelta(days=rng.randrange(365 * YEARS)) for _ in range(25)}
    return sorted(day for day in days if day >= FIRST)


@pytest.fixture
def decided(city: Any) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """Make limited datasets with an end, with a review date, with both, and an open one."""
    dates: list[tuple[dt.date | None, dt.date | None]] = [
        (dt.date(2029, 3, 9), None),
        (None, dt.date(2031, 9, 13)),
        (dt.date(2035, 12, 25), dt.date(2033, 5, 2)),
        (None, None),
    ]
    found = {}
    for akhir, review in dates:
        dataset = city.limit() if akhir or review else city.publish()
        row = reads.decision_in_force(dataset["id"])
        assert row is not None
        row.akhir, row.tanggal_reviu = akhir, review
        found[dataset["id"]] = (akhir, review)
    model.Session.commit()
    return found


def told(kind: str, since: int) -> set[str | None]:
    query = sa.select(Notice.package_id).where(Notice.kind == kind, Notice.id > since)
    return set(model.Session.scalars(query))


def seen(city: Any, ids: Any) -> dict[str, bool]:
    """Return of each dataset whether a citizen gets its files."""
    facts = reads.facts_for(ids)
    return {i: reads.decision_in_force(i) is not None and _open(city, i) for i in facts}


def _open(city: Any, dataset_id: str) -> bool:
    shown = city.act(None, "package_show", id=dataset_id)
    return bool(shown["resources"][0]["url"])


def test_ten_years_bring_a_case_for_every_date_and_open_nothing(city, decided) -> None:
    before = seen(city, decided)
    assert sorted(before.values()) == [False, False, False, True]
    decisions = sa.select(sa.func.count()).select_from(Decision)
    made = model.Session.scalar(decisions)
    dates = [date for pair in decided.values() for date in pair if date]
    opened: dict[str, dt.date] = {}
    due: dict[str, dt.date] = {}
    lot = random.Random(20261125)  # noqa: S311 -- days, no secrets
    for day in walked(lot, dates):
        since = model.Session.scalar(sa.select(sa.func.max(Notice.id))) or 0
        with freeze_time(dt.datetime.combine(day, dt.time(3), dt.UTC)):
            for item in cases.run(day):
                assert item.dataset_id not in opened
                opened[item.dataset_id] = day
            deadlines_told.run(day)
        ends, over, late, soon = set(), set(), set(), set()
        for dataset_id, (akhir, review) in decided.items():
            # A case stands from 60 working days before the end, from the review date on.
            must = (akhir is not None and within(day, akhir, REVIEW)) or (
                review is not None and review <= day
            )
            case = reads.open_case(dataset_id)
            assert (case is not None) == must, (day, dataset_id)
            if case is not None:
                assert case.state == "consequence_test"
                assert case.due is not None
                due.setdefault(dataset_id, case.due)
                assert case.due == due[dataset_id]
                if case.due < day:
                    late.add(dataset_id)
                elif within(day, case.due, WARN_CASE):
                    soon.add(dataset_id)
            first = min((d for d in (akhir, review) if d), default=None)
            if first is not None and first < day:
                over.add(dataset_id)
            elif first is not None and within(day, first, WARN_DECISION):
                ends.add(dataset_id)
        # Late is told on every working day, a warning once: at the latest with the first run.
        assert told("case_late", since) == (late if works(day) else set()), day
        assert told("decision_over", since) == (over if works(day) else set()), day
        assert told("case_due", 0) >= soon
        assert told("case_due", since) <= soon
        assert told("decision_ends", 0) >= ends
        assert told("decision_ends", since) <= ends
    assert set(opened) == {i for i, pair in decided.items() if any(pair)}
    # Nobody decided anything, so nothing is seen that was not, and nothing ended by itself.
    assert seen(city, decided) == before
    assert model.Session.scalar(decisions) == made
    assert model.Session.query(Case).filter(Case.state == "consequence_test").count() == 3


def test_an_incident_is_found_late_to_the_minute_also_on_a_holiday(city) -> None:
    dataset = city.publish()
    known = dt.datetime(2026, 12, 24, 15, 0, tzinfo=dt.UTC)
    incident = incidents.begin(
        model.Session,
        dataset_id=dataset["id"],
        ground="scan",
        versions=[],
        kinds=["nik"],
        by=None,
        detected_at=known,
        known_at=known,
    )
    model.Session.commit()
    minute = dt.timedelta(minutes=1)
    due = incident.due_at
    for moment, kind in (
        (due - dt.timedelta(hours=24) - minute, None),
        (due - dt.timedelta(hours=24), "incident_due"),
        (due, None),
        (due + minute, "incident_late"),
        (due + dt.timedelta(hours=23), None),
        (due + dt.timedelta(hours=25), "incident_late"),
    ):
        since = model.Session.scalar(sa.select(sa.func.max(Notice.id))) or 0
        deadlines_told.run(dt.date(2026, 11, 25), moment)
        new = model.Session.query(Notice).filter(Notice.id > since)
        assert {row.kind for row in new} == ({kind} if kind else set()), moment
        if kind:
            names = ("kepala_dinkes", "walidata", "walidata_2", "ppid", "ppid_2", "penetap")
            assert {row.user_id for row in new} == {city.users[name]["id"] for name in names}


def test_a_wrong_file_of_holidays_stops_the_start(with_plugins, tmp_path, monkeypatch) -> None:
    file = tmp_path / "libur.yaml"
    monkeypatch.setitem(tk.config, config.HOLIDAYS, str(file))
    day = dt.date(2027, 4, 5)
    for text in (None, "years: {2027: {holidays: {2028-04-05: Libur}}}"):
        if text is not None:
            file.write_text(text, "utf-8")
        with pytest.raises(CkanConfigurationException, match=r"libur\.yaml"):
            startup.check_definitions()
    file.write_text("years: {2027: {holidays: {2027-04-05: Libur}}}", "utf-8")
    startup.check_definitions()
    assert not deadlines.is_working_day(day)
    monkeypatch.setitem(tk.config, config.HOLIDAYS, None)
    startup.check_definitions()
    assert deadlines.is_working_day(day)

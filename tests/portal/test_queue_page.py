"""The queue: what lies on whose desk, and how much of it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification import cases
from ckanext.satudata_pontianak.classification.model import Case
from ckanext.satudata_pontianak.portal import queues


def test_the_queue_asks_for_a_name(desk) -> None:
    page = desk.get(None, "/satudata/antrean?state=draft")
    assert page.status == 302
    assert "came_from" in page.location


def test_a_case_lies_on_one_desk(desk, city) -> None:
    dataset = city.dataset()
    link = f"/satudata/berkas/{dataset['name']}"

    def on_desk(who: str) -> bool:
        return link in desk.get(who, "/satudata/antrean").body

    def seen(who: str) -> bool:
        return link in desk.get(who, "/satudata/antrean?scope=all").body

    assert [who for who in city.users if on_desk(who)] == [
        "kepala_dinkes",
        "produsen",
        "produsen_2",
    ]
    city.step("produsen", dataset, "submit")
    assert [who for who in city.users if on_desk(who)] == ["walidata", "walidata_2"]
    assert seen("produsen")
    assert seen("pengawas")
    assert not seen("warga")
    assert not seen("produsen_lain")


@pytest.mark.parametrize(
    "query",
    [
        "state=tidak-ada",
        "state=decided",
        "page=0",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "page=%D9%A1",
        "state=draft&state=verification",
        "kind=x&agency=y&level=z&scan=a&likeness=b&overdue=c",
        "q=%25%5C%27%22&overdue=1",
        "group=tidak:ada",
    ],
)
def test_a_strange_question_is_answered(desk, query) -> None:
    assert desk.get("walidata", f"/satudata/antrean?{query}").status == 200


def test_an_empty_queue_says_so(desk) -> None:
    page = desk.get("ppid", "/satudata/antrean")
    assert 'class="satudata-empty"' in page.body


def test_the_queue_is_turned_page_by_page(desk, city, monkeypatch) -> None:
    monkeypatch.setattr(queues, "PER_PAGE", 2)
    names = [city.dataset(file=False)["name"] for _ in range(5)]
    seen = []
    for number in (1, 2, 3):
        page = desk.get("produsen", f"/satudata/antrean?page={number}")
        found = [n for n in names if f"/satudata/berkas/{n}" in page.body]
        assert len(found) == (1 if number == 3 else 2)
        assert ('rel="next"' in page.body) == (number < 3)
        assert ('rel="prev"' in page.body) == (number > 1)
        seen += found
    assert sorted(seen) == sorted(names)
    last = desk.get("produsen", "/satudata/antrean?page=50")
    assert ('rel="next"' in last.body, 'rel="prev"' in last.body) == (False, True)


def test_the_next_deadline_comes_first_and_a_missed_one_is_told(desk, city) -> None:
    today = cases.today()
    ages = {"kemarin": -1, "besok": 1, "lusa": 2}
    for word, days in sorted(ages.items()):
        dataset = city.dataset(title=f"Batas {word}")
        city.step("produsen", dataset, "submit")
        due = today + dt.timedelta(days=days)
        model.Session.execute(
            sa.update(Case).where(Case.package_id == dataset["id"]).values(due=due)
        )
        model.Session.commit()
    page = desk.get("walidata", "/satudata/antrean")
    order = [page.body.index(f"Batas {word}") for word in ("kemarin", "besok", "lusa")]
    assert order == sorted(order)
    assert page.body.count("satudata-overdue") == 1


def test_the_header_counts_what_lies_on_the_desk(desk, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    body = desk.get("walidata", "/dataset/").body
    link = body.partition('class="satudata-queue-link"')[2].partition("</a>")[0]
    assert ">1<" in link.replace(" ", "")
    assert "satudata-queue-link" not in desk.get(None, "/dataset/").body

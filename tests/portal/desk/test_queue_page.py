"""The queue: what lies on whose desk, and how much of it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.portal.desk import queues


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
        "sort=tidak-ada",
        "sort=-due",
        "sort=-scan",
        "sort=agency&scope=all",
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
    today = days.today()
    ages = {"kemarin": -1, "besok": 1, "lusa": 2}
    for word, ahead in sorted(ages.items()):
        dataset = city.dataset(title=f"Batas {word}")
        city.step("produsen", dataset, "submit")
        due = today + dt.timedelta(days=ahead)
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


def test_what_the_check_failed_stands_on_top_and_each_column_sorts(desk, city, make_upload) -> None:
    """Also for the agency that is to receive one of them, who may not know of its check."""
    named = {
        "Beta": make_upload(b"%PDF-1.4 tidak terbaca", "beta.pdf"),
        "Alfa": make_upload(b"catatan,nik\nContoh,6171014101900001\n"),
        "Gama": make_upload(),
    }
    for ahead, (title, file) in enumerate(named.items()):
        dataset = city.dataset(title=title, file=file)
        city.step("produsen", dataset, "submit")
        due = days.today() + dt.timedelta(days=9 - ahead)
        model.Session.execute(
            sa.update(Case).where(Case.package_id == dataset["id"]).values(due=due)
        )
        model.Session.commit()

    def order(sort: str = "", who: str = "walidata") -> list[str]:
        body = desk.get(who, f"/satudata/antrean?sort={sort}").body
        return sorted(named, key=lambda title: body.index(f">{title}</a>"))

    assert order() == ["Beta", "Gama", "Alfa"]  # failed, then the soonest deadline
    assert order("title") == ["Alfa", "Beta", "Gama"]
    assert order("-title") == ["Gama", "Beta", "Alfa"]
    assert order("scan") == ["Beta", "Alfa", "Gama"]
    assert order("-due") == ["Beta", "Alfa", "Gama"]
    page = desk.get("walidata", "/satudata/antrean?sort=title").body
    assert page.count("aria-sort=") == 1
    assert 'sort=-title"' in page.partition('aria-sort="ascending"')[2].partition("</th>")[0]
    row = page.partition(">Alfa</a>")[2].partition("</tr>")[0]
    for said in ("1 berkas", "1 temuan", "Dinkes"):
        assert said in row
    with pytest.raises(tk.ValidationError) as refused:
        city.act("walidata", "satudata_classification_list", sort="nama")
    assert "sort" in refused.value.error_dict


def test_the_order_tells_nothing_of_files_that_somebody_may_not_know_of(city) -> None:
    """A move shows its receiver that it waits; neither its check nor a place that tells of it."""
    for title, verdict, ahead in (("Baik", "clear", 1), ("Gagal", "failed", 5)):
        dataset = city.publish(title=title)
        move = {"case_kind": "move", "reason": "Urusan pindah", "owner_org": "dinsos"}
        city.step("produsen", dataset, "reopen", **move)
        city.step("produsen", dataset, "submit")
        kept = {"scan_verdict": verdict, "due": days.today() + dt.timedelta(days=ahead)}
        own = sa.and_(Case.package_id == dataset["id"], Case.ended_at.is_(None))
        model.Session.execute(sa.update(Case).where(own).values(**kept))
        model.Session.commit()
    city.join("dinsos", "pegawai_dinsos", "editor")

    def seen(who: str, **asked: str) -> list[str]:
        found = city.act(who, "satudata_classification_list", mine=False, **asked)["results"]
        return [row["title"] for row in found]

    assert seen("walidata") == ["Gagal", "Baik"]
    for sort in ("due", "scan", "-scan"):
        assert seen("pegawai_dinsos", sort=sort) == ["Baik", "Gagal"]
    found = city.act("pegawai_dinsos", "satudata_classification_list", mine=False)["results"]
    assert [(row["scan"], row["files"], row["findings"]) for row in found] == [(None,) * 3] * 2

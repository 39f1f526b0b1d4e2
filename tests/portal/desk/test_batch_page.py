"""Like cases decided together by the page of the queue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Step
from ckanext.satudata_pontianak.portal.desk import batches, contradictions, queues

from ...looking import opened
from ...statements import statements

NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
PAGE = "/satudata/antrean/pilihan"


def _choose(desk, who, datasets):
    return desk.get(who, PAGE + "?" + "&".join(f"id={d['name']}" for d in datasets))


def _items(page) -> list[str]:
    """Return what the first form of a step carries of each case."""
    words = next(values["item"] for values in page.hidden(PAGE) if "item" in values).split()
    return [" ".join(pair) for pair in zip(words[::2], words[1::2], strict=True)]


@pytest.fixture
def submitted(city, make_upload):
    """Three clear cases and one with findings, on Walidata's desk."""
    good = [city.dataset(title=f"Contoh {n}") for n in range(3)]
    bad = city.dataset(title="Bermasalah", file=make_upload(NIKS))
    for dataset in (*good, bad):
        city.step("produsen", dataset, "submit")
    return good, bad


def test_like_cases_stand_together_and_can_be_chosen(desk, submitted) -> None:
    _, bad = submitted
    page = desk.get("walidata", "/satudata/antrean")
    assert page.body.count('name="group" value="') == 1
    assert page.body.count('type="checkbox" name="id"') == 4
    group = page.body.partition('name="group" value="')[2].partition('"')[0]
    whole = desk.get("walidata", f"{PAGE}?group={group}")
    assert len(_items(whole)) == 3
    assert bad["name"] not in whole.body
    everything = desk.get("pengawas", "/satudata/antrean?scope=all")
    assert 'type="checkbox" name="id"' not in everything.body


def test_drafts_submitted_together_are_asked_about_as_one_is(desk, city, make_upload) -> None:
    """What stands against a proposal is asked once, of the whole batch, and holds nothing up."""
    clear = city.dataset(title="Taman Kota")
    found = city.dataset(title="Warga Contoh", file=make_upload(NIKS, "warga.csv"))
    page = _choose(desk, "produsen", [clear, found])
    sent = {"transition": "submit", "item": _items(page)}
    asked = desk.post("produsen", PAGE, sent)
    assert asked.status == 422
    assert "Warga Contoh: Usulan menyatakan tidak ada data pribadi" in asked.text
    assert "Taman Kota:" not in asked.text
    for dataset in (clear, found):
        shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
        assert shown["case"]["state"] == "draft"
    (form,) = [h for h in asked.hidden(PAGE) if h.get("transition") == "submit"]
    done = desk.post("produsen", PAGE, {**form, "item": _items(asked)})
    assert (done.status, done.body.count("fa-check-circle")) == (200, 2)
    alone = city.dataset(title="Tanpa temuan")
    sent["item"] = _items(_choose(desk, "produsen", [alone]))
    assert desk.post("produsen", PAGE, sent).status == 200


def test_a_batch_asks_the_database_no_more_often_for_more_doubted_cases(
    desk, city, make_upload, monkeypatch
) -> None:
    """What stands against the proposals is read with all of the cases, not one by one."""
    doubted = [
        city.dataset(title=f"Warga {n}", file=make_upload(NIKS, "warga.csv")) for n in range(3)
    ]
    numbers = []
    whole = contradictions.of_batch

    def counted(chosen):
        with statements() as found:
            asked = whole(chosen)
        numbers.append((len(asked), len(found)))
        return asked

    monkeypatch.setattr(contradictions, "of_batch", counted)
    for chosen in (doubted[:1], doubted):
        sent = {"transition": "submit", "item": _items(_choose(desk, "produsen", chosen))}
        assert desk.post("produsen", PAGE, sent).status == 422
    assert numbers == [(1, 0), (3, 0)]


def test_a_batch_is_approved_and_told_one_by_one(desk, city, submitted) -> None:
    good, _ = submitted
    page = _choose(desk, "walidata", good)
    assert page.status == 200
    assert set(page.steps) == {"approve", "return", "refer"}
    assert "Dinkes" in page.text
    items = _items(page)
    assert page.text.count("belum Anda buka") == 2
    refused = desk.post("walidata", PAGE, {"transition": "approve", "item": items})
    assert refused.status == 422
    assert not any(_is_open(city, dataset) for dataset in good)
    opened(city, "walidata", good)
    assert "belum Anda buka" not in _choose(desk, "walidata", good).text
    # One changes after the person looked: it is refused, the others are done.
    city.step("produsen", good[0], "recall", catatan="Salah")
    city.step("produsen", good[0], "submit")
    done = desk.post("walidata", PAGE, {"transition": "approve", "item": items})
    assert done.status == 200
    assert done.body.count("fa-check-circle") == 2
    assert done.body.count("fa-times-circle") == 1
    assert "Contoh 0" in done.text
    for dataset in good[1:]:
        assert city.act(None, "package_show", id=dataset["id"])["tingkat_keamanan"] == "biasa"
    again = desk.post("walidata", PAGE, {"transition": "approve", "item": items})
    assert again.status in (200, 422)


def test_a_group_is_shown_page_by_page_and_decided_as_a_whole(
    desk, city, submitted, monkeypatch
) -> None:
    good, _ = submitted
    monkeypatch.setattr(queues, "PER_PAGE", 1)
    monkeypatch.setattr(batches, "PER_PAGE", 2)
    monkeypatch.setattr(batches, "PORTION", 2)
    queue = desk.get("walidata", "/satudata/antrean?q=Contoh&kind=classify")
    group = queue.body.partition('name="group" value="')[2].partition('"')[0]
    assert queue.body.count('href="/satudata/berkas/') == 1
    assert "3" in queue.body.partition('name="group" value="')[2].partition("</button>")[0]
    address = f"{PAGE}?group={group}&q=Contoh&kind=classify"
    first, second = (desk.get("walidata", f"{address}&page={n}") for n in (1, 2))
    shown = [
        sum(f'<h3><a href="/satudata/berkas/{d["name"]}' in p.body for d in good)
        for p in (first, second)
    ]
    assert shown == [2, 1]
    assert ('rel="next"' in first.body, 'rel="prev"' in second.body) == (True, True)
    assert len(_items(first)) == len(_items(second)) == 3
    sent = {**first.steps["return"], "catatan": "Perbaiki"}
    going = desk.post("walidata", PAGE, sent)
    assert '<progress class="satudata-progress" max="3" value="2"' in going.body
    assert sum(bool(_notes(d)) for d in good) == 2
    # The page was closed; the form is sent once more from the start and does only the rest.
    (more,) = desk.post("walidata", PAGE, sent).hidden(PAGE)
    done = desk.post("walidata", PAGE, more)
    assert done.body.count("fa-check-circle") == 3
    assert [_notes(d) for d in good] == [["Perbaiki"]] * 3


def _notes(dataset) -> list[str]:
    return [
        step["fields"].get("catatan")
        for step in _steps(dataset["id"])
        if step["action"] == "return"
    ]


def test_a_group_is_approved_in_one_portion_since_its_sample_is_drawn_of_the_whole(
    desk, city, submitted, monkeypatch
) -> None:
    good, _ = submitted
    monkeypatch.setattr(batches, "PORTION", 2)
    opened(city, "walidata", good)
    sent = {**_choose(desk, "walidata", good).steps["approve"], "catatan": "Sesuai"}
    done = desk.post("walidata", PAGE, sent)
    assert "satudata-progress" not in done.body
    assert done.body.count("fa-check-circle") == 3
    assert all(_is_open(city, dataset) for dataset in good)


def _is_open(city, dataset) -> bool:
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    return shown["decision"] is not None


def _steps(dataset_id: str) -> list[dict]:
    rows = model.Session.scalars(sa.select(Step).where(Step.package_id == dataset_id))
    return [{"action": row.action, "fields": row.fields} for row in rows]


def test_only_steps_common_to_all_are_offered(desk, city, submitted) -> None:
    good, bad = submitted
    page = _choose(desk, "walidata", [*good, bad])
    assert set(page.steps) == {"return", "refer"}
    forged = desk.post("walidata", PAGE, {"transition": "approve", "item": _items(page)})
    assert forged.status == 422
    missing = desk.post("walidata", PAGE, {"transition": "return", "item": _items(page)})
    assert missing.status == 422
    assert 'id="return-catatan-error"' in missing.body
    done = desk.post(
        "walidata", PAGE, {"transition": "return", "item": _items(page), "catatan": "Perbaiki"}
    )
    assert done.body.count("fa-check-circle") == 4
    draft = city.dataset()
    mixed = _choose(desk, "produsen", [good[0], draft])
    assert set(mixed.steps) == {"submit", "withdraw"}


@pytest.mark.parametrize("who", ["warga", "produsen_lain", "pengawas", "admin"])
def test_a_stranger_takes_no_step_in_a_batch(desk, city, submitted, who) -> None:
    good, _ = submitted
    assert not _choose(desk, who, good).steps
    items = _items(_choose(desk, "walidata", good))
    assert desk.post(who, PAGE, {"transition": "approve", "item": items}).status == 422
    shown = city.act("walidata", "satudata_classification_show", id=good[0]["id"])
    assert shown["case"]["state"] == "verification"


@pytest.mark.parametrize("query", ["", "?id=", "?group=+", "?id=tidak-ada"])
def test_a_strange_choice_is_answered(desk, city, query) -> None:
    assert desk.get("walidata", PAGE + query).status in (200, 302)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"item": "x"},
        {"item": ["x y", " ", "y z"], "transition": "approve"},
        {"transition": "terbang"},
    ],
)
def test_a_strange_batch_is_answered(desk, city, fields) -> None:
    assert desk.post("walidata", PAGE, fields).status == 422
    assert desk.post(None, PAGE, fields).status == 302
